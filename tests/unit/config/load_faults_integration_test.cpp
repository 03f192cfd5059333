#include <catch2/catch.hpp>

#include "unit/config/samples.hpp"

namespace gk::config::test::load_faults_integration_test {

TEST_CASE("An integration, and integrations against each other: every fault with its place and words") {
  check_rows({
      {"integration as text",
       R"(    }
  ])",
       R"(    }, "harbour"
  ])",
       {"c:10:8: $.integrations[1]: expected an object, found a string"}},
      {"name missing",
       R"("name": "riverside",)",
       "",
       {R"(c:6:5: $.integrations[0].name: is missing ("name" is required in this object))"}},
      {"name empty", R"("riverside")", R"(" ")", {"c:7:15: $.integrations[0].name: must not be empty"}},
      {"name with a line break",
       R"("riverside")",
       R"("river\nside")",
       {"c:7:15: $.integrations[0].name: must not contain control characters"}},
      {"name with a space behind",
       R"("riverside")",
       R"("riverside ")",
       {"c:7:15: $.integrations[0].name: must not start or end with a space"}},
      {"location too short",
       R"(000b01")",
       R"(000b0")",
       {"c:8:22: $.integrations[0].location_id: must be 24 hex digits, found "
        R"("64b0c0ffee00000000000b0" (23 characters) (Glofox calls it location id, branch id )"
        "or studio id)"}},
      {"location not hex",
       R"(000b01")",
       R"(000g01")",
       {"c:8:22: $.integrations[0].location_id: must be 24 hex digits, found "
        R"("64b0c0ffee00000000000g01" (24 characters) (Glofox calls it location id, branch id )"
        "or studio id)"}},
      {"location as number",
       R"("64b0c0ffee00000000000b01")",
       "64",
       {"c:8:22: $.integrations[0].location_id: expected a string of 24 hex digits, found a "
        "whole number"}},
      {"group as text",
       "45510",
       R"("45510")",
       {"c:9:19: $.integrations[0].group_id: expected a whole number, found a string (write "
        "it without quotes)"}},
      {"group of zero", "45510", "0", {"c:9:19: $.integrations[0].group_id: must be at least 1, found 0"}},
      {"group negative", "45510", "-1", {"c:9:19: $.integrations[0].group_id: must be at least 1, found -1"}},
      {"group with a fraction",
       "45510",
       "45510.5",
       {"c:9:19: $.integrations[0].group_id: expected a whole number, found 45510.5"}},
      {"group beyond whole numbers",
       "45510",
       "99999999999999999999",
       {"c:9:19: $.integrations[0].group_id: expected a whole number, found 1e+20"}},
      {"group null",
       "45510",
       "null",
       {"c:9:19: $.integrations[0].group_id: expected a whole number, found null (leave an "
        "optional key out to get its default)"}},
      {"enabled as text",
       R"("group_id": 45510)",
       R"("group_id": 45510, "enabled": "yes")",
       {"c:9:37: $.integrations[0].enabled: expected true or false, found a string (write it "
        "without quotes)"}},
      {"place null",
       R"("group_id": 45510)",
       R"("group_id": 45510, "place_id": null)",
       {"c:9:38: $.integrations[0].place_id: expected a whole number, found null (leave an "
        "optional key out to get its default)"}},
      {"same name twice",
       R"(    }
  ])",
       R"(    }, { "name": "riverside", "location_id": "64b0c0ffee00000000000b02", "group_id": 45511 }
  ])",
       {R"(c:10:18: $.integrations[1].name: "riverside" is also the name of $.integrations[0] )"
        "(--integration and the report tell integrations apart by name)"}},
      {"same group twice",
       R"(    }
  ])",
       R"(    }, { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 45510 }
  ])",
       {"c:10:84: $.integrations[1].group_id: group 45510 is also $.integrations[0].group_id "
        R"((integration "riverside"): each of the two would remove the people of the other )"
        "(give every integration a Kisi group of its own; a door may be opened by several "
        "groups)"}},
      {"group of bookings belongs to another",
       R"(    }
  ])",
       R"(    }, { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 45511, "bookings": { "group_id": 45510 } }
  ])",
       {"c:10:117: $.integrations[1].bookings.group_id: group 45510 is also "
        R"($.integrations[0].group_id (integration "riverside"): each of the two would remove )"
        "the people of the other (give every integration a Kisi group of its own; a door may "
        "be opened by several groups)"}},
      {"former group is the own one",
       R"("group_id": 45510)",
       R"("group_id": 45510, "former_group_ids": [45509, 45510])",
       {"c:9:54: $.integrations[0].former_group_ids[1]: group 45510 is in use: it is "
        R"($.integrations[0].group_id (integration "riverside"); cleaning it would remove the )"
        "people who have just been added (list only groups that no integration fills any "
        "more)"}},
      {"former group is the own one of bookings",
       R"("group_id": 45510)",
       R"("group_id": 45510, "bookings": { "group_id": 7 }, "former_group_ids": [7])",
       {"c:9:78: $.integrations[0].former_group_ids[0]: group 7 is in use: it is "
        R"($.integrations[0].bookings.group_id (integration "riverside"); cleaning it would )"
        "remove the people who have just been added (list only groups that no integration "
        "fills any more)"}},
      {"former group belongs to another",
       R"(    }
  ])",
       R"(    }, { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 45511, "former_group_ids": [45510] }
  ])",
       {"c:10:112: $.integrations[1].former_group_ids[0]: group 45510 is in use: it is "
        R"($.integrations[0].group_id (integration "riverside"); cleaning it would remove that )"
        "integration's people (list only groups that no integration fills any more)"}},
      {"former group listed twice",
       R"(    }
  ])",
       R"(    }, { "name": "harbour", "location_id": "64b0c0ffee00000000000b02", "group_id": 45511, "former_group_ids": [9, 9] }
  ])",
       {"c:10:115: $.integrations[1].former_group_ids[1]: group 9 is listed already at "
        "$.integrations[1].former_group_ids[0] (let one integration clean it: the one "
        "whose people were in it)"}},
  });
}

}  // namespace gk::config::test::load_faults_integration_test
