#include "contract/kisi_sandbox.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <utility>

namespace gk::test {

KisiSandbox::KisiSandbox(const std::vector<std::string>& arguments) {
  Program program;
  program.argv = {GK_SANDBOX_BINARY};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<Process>(program);
  const auto line = process_->first_line(std::chrono::seconds{60});
  if (!line) FAIL("the sandbox does not start: " << process_->kill_and_wait().err);
  const auto facts = json::Document::parse(*line);
  REQUIRE(facts);
  const json::View kisi = facts->root()["kisi"];

  http::StackOptions options;
  options.service = "kisi";
  options.base_url = std::string(kisi["base_url"].as_string().value());
  options.secret_headers.emplace_back(
      "Authorization", Secret("KISI-LOGIN " + std::string(kisi["api_key"].as_string().value())));
  kisi_ = make_stack(std::move(options));
  http::StackOptions control;
  control.service = "control";
  control.base_url = std::string(facts->root()["control_url"].as_string().value());
  control_ = make_stack(std::move(control));
  client_ = another_client();
}

std::unique_ptr<http::Stack> KisiSandbox::make_stack(http::StackOptions options) {
  options.bucket = {.rate = 100'000, .burst = 1000};
  options.retry.base_delay = std::chrono::milliseconds{1};
  options.retry.max_delay = std::chrono::milliseconds{2};
  options.retry.max_tries = 3;
  return std::make_unique<http::Stack>(std::move(options), nullptr, clock_, log_, stop_, [] { return 0.5; });
}

std::unique_ptr<kisi::KisiClient> KisiSandbox::another_client() {
  return std::make_unique<kisi::KisiClient>(kisi_->transport(), clock_, log_);
}

json::Document KisiSandbox::control(http::Method method, const std::string& path, const std::string& body) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.endpoint = path;
  request.body = body;
  auto response = http::send(control_->transport(), std::move(request));
  if (!response) FAIL(path << ": " << response.error().message);
  INFO(path << " " << body << " -> " << response->body);
  REQUIRE(response->status == 200);
  auto document = json::Document::parse(response->body);
  REQUIRE(document);
  return *std::move(document);
}

json::Document KisiSandbox::ask(const std::string& path) {
  return control(http::Method::get, path, "");
}

json::Document KisiSandbox::tell(const std::string& path, const std::string& body) {
  return control(http::Method::post, path, body);
}

std::size_t KisiSandbox::count_requests() {
  const json::Document summary = ask("/journal/summary");
  const auto now = static_cast<std::size_t>(summary.root()["kisi"]["requests"].as_integer().value());
  return now - std::exchange(counted_, now);
}

UserId KisiSandbox::add_user(const std::string& email, const std::string& metadata) {
  const json::Document user = tell(
      "/kisi/users", fmt::format(R"({{"email":"{}","name":"Hand Made","metadata":{}}})", email, metadata));
  return UserId(user.root()["id"].as_integer().value());
}

void KisiSandbox::add_foreign_rows(int count) {
  for (int i = 0; i < count; ++i) {
    tell("/kisi/role_assignments",
         fmt::format(R"({{"email":"foreign.{}@example.com","created_by_id":6999999}})", i));
  }
}

}  // namespace gk::test
