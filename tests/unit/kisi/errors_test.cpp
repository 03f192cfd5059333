#include "kisi/errors.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gk::kisi::errors_test {

namespace {

http::Response response_of(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace

TEST_CASE("error bodies of every shape become one printable line") {
  struct Row {
    const char* name;
    std::string body;
    std::string text;
  };
  const Row rows[] = {
      {"error with code", R"({"error":"Access denied.","code":"fcd8ef"})", "Access denied. [fcd8ef]"},
      {"error without code", R"({"error":"Access denied."})", "Access denied."},
      {"errors of two fields", R"({"errors":{"email":["is bad","is long"],"valid_until":["is early"]}})",
       "email: is bad, is long; valid_until: is early"},
      {"errors with a text for a list", R"({"errors":{"email":"is bad"}})", "email: is bad"},
      {"errors as a list", R"({"errors":["one","two"]})", "one, two"},
      {"error and errors", R"({"error":"Invalid","errors":{"email":["is taken"]}})",
       "Invalid: email: is taken"},
      {"oauth", R"({"error":"invalid_grant","error_description":"No longer valid."})",
       "invalid_grant: No longer valid."},
      {"message", R"({"message":"Nope"})", "Nope"},
      {"error wins over message", R"({"message":"Nope","error":"Why"})", "Why"},
      {"wrong types", R"({"error":7,"errors":false})", R"({"error":7,"errors":false})"},
      {"html", "<html>Bad gateway</html>", "<html>Bad gateway</html>"},
      {"empty", "  \n", "no details given"},
      {"control characters", "{\"error\":\"a\\u001b[31mb\"}", R"(a\x1b[31mb)"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(error_text(row.body) == row.text);
  }
  CHECK(error_text(std::string(4000, 'x')).size() < 520);
}

TEST_CASE("statuses decide the category") {
  struct Row {
    int status;
    const char* body;
    Category category;
    bool unknown_for_writes;
  };
  const Row rows[] = {
      {400, "", Category::rejected, false},
      {401, "", Category::auth, false},
      {403, "", Category::forbidden, false},
      {404, R"({"error":"Not found","code":"fac404"})", Category::not_found, false},
      {404, R"({"code":"000404","error":"The endpoint does not exist, please check your request."})",
       Category::protocol, false},
      {405, "", Category::rejected, false},
      {409, "", Category::conflict, false},
      {422, "", Category::rejected, false},
      {429, "", Category::rate_limited, false},
      {500, "", Category::unavailable, true},
      {503, "", Category::unavailable, true},
      {302, "", Category::protocol, false},
      {206, "", Category::protocol, false},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    const Error written = error_from(response_of(row.status, row.body), http::Effect::write);
    CHECK(written.category == row.category);
    CHECK(written.http_status == row.status);
    CHECK(written.outcome_unknown == row.unknown_for_writes);
    CHECK_FALSE(error_from(response_of(row.status, row.body), http::Effect::read).outcome_unknown);
  }
}

TEST_CASE("duplicates are told from other refusals") {
  struct Row {
    int status;
    const char* body;
    bool duplicate;
  };
  const Row rows[] = {
      {409, "", true},
      {422, R"({"errors":{"email":["has already been taken"]}})", true},
      {422, R"({"errors":{"email":["can't be blank or invalid"]}})", false},
      {422, R"({"errors":{"assignee_id":["has ALREADY been taken"]}})", true},
      {422, R"({"errors":{"valid_until":["must be after valid_from"]}})", false},
      {400, R"({"error":"email already taken"})", false},
      {403, R"({"error":"email already taken"})", false},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    const Error refusal = error_from(response_of(row.status, row.body), http::Effect::write);
    CHECK(is_duplicate(refusal) == row.duplicate);
  }
}

}  // namespace gk::kisi::errors_test
