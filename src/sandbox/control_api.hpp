#pragma once

#include "faults.hpp"
#include "http.hpp"
#include "journal.hpp"
#include "switches.hpp"
#include "time.hpp"
#include "world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gk_sandbox {

/// Lets a test look at the world and change it. Part of neither service, and never in the journal.
class ControlApi {
 public:
  struct Parts {
    World& world;
    Switches& switches;
    Clock& clock;
    Journal& journal;
    Faults& faults;
  };

  explicit ControlApi(Parts parts)
      : world_(parts.world),
        switches_(parts.switches),
        clock_(parts.clock),
        journal_(parts.journal),
        faults_(parts.faults) {}

  [[nodiscard]] Reply answer(const Call& call);

 private:
  Reply route(const Call& call, const std::vector<std::string>& path, const Value& body);
  Reply service_route(const Call& call, const std::vector<std::string>& path, const Value& body);
  Reply set_switches(const Value& body);
  Reply set_clock(const Value& body);
  Reply add_fault(const Value& body);
  Reply show_inside(const Call& call);
  Reply show_expected(const Call& call);
  Reply people(const Call& call, const std::vector<std::string>& path, const Value& body);
  Reply bookings(const Call& call, const std::vector<std::string>& path, const Value& body);
  Reply patch_booking(Document& row, const Value& body);
  Reply kisi(const Call& call, const std::vector<std::string>& path, const Value& body);
  Reply add_role_assignment(const Value& body);
  Reply add_unlock(const Value& body);

  World& world_;
  Switches& switches_;
  Clock& clock_;
  Journal& journal_;
  Faults& faults_;
};

/// Answers of the control API: a body, or a status and what was wrong.
[[nodiscard]] Reply control_ok(std::string body);
[[nodiscard]] Reply control_refusal(int status, std::string_view text);

}  // namespace gk_sandbox
