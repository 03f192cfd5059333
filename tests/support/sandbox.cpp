#include "support/sandbox.hpp"

#include <catch2/catch.hpp>
#include <utility>

namespace gk::test {

Sandbox::Sandbox(const std::vector<std::string>& arguments) {
  Program program;
  program.argv = {GK_SANDBOX_BINARY};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<Process>(program);
  const auto line = process_->first_line(std::chrono::seconds{60});
  if (!line) FAIL("the sandbox does not start: " << process_->kill_and_wait().err);
  auto facts = json::Document::parse(*line);
  REQUIRE(facts);
  facts_ = std::make_unique<json::Document>(*std::move(facts));
  http::StackOptions options;
  options.service = "control";
  options.base_url = std::string(facts_->root()["control_url"].as_string().value());
  control_ = make_stack(std::move(options));
}

std::string Sandbox::fact(std::string_view service, std::string_view key) const {
  return std::string(facts_->root()[service][key].as_string().value());
}

std::unique_ptr<http::Stack> Sandbox::make_stack(http::StackOptions options) {
  options.bucket = {.rate = 100'000, .burst = 1000};
  options.retry.base_delay = std::chrono::milliseconds{1};
  options.retry.max_delay = std::chrono::milliseconds{2};
  options.retry.max_tries = 3;
  return std::make_unique<http::Stack>(std::move(options), nullptr, clock_, log_, stop_, [] { return 0.5; });
}

http::StackOptions Sandbox::glofox_options() const {
  http::StackOptions options;
  options.service = "glofox";
  options.base_url = fact("glofox", "base_url");
  options.max_in_flight = 5;
  options.headers.emplace_back("x-glofox-branch-id", fact("glofox", "location_id"));
  options.secret_headers.emplace_back("x-api-key", Secret(fact("glofox", "api_key")));
  options.secret_headers.emplace_back("x-glofox-api-token", Secret(fact("glofox", "api_token")));
  return options;
}

http::StackOptions Sandbox::kisi_options(const std::string& key) const {
  http::StackOptions options;
  options.service = "kisi";
  options.base_url = fact("kisi", "base_url");
  const std::string login = "KISI-LOGIN " + (key.empty() ? fact("kisi", "api_key") : key);
  options.secret_headers.emplace_back("Authorization", Secret(login));
  return options;
}

json::Document Sandbox::control(http::Method method, const std::string& path, const std::string& body) {
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

json::Document Sandbox::get(const std::string& path) { return control(http::Method::get, path, ""); }

json::Document Sandbox::post(const std::string& path, const std::string& body) {
  return control(http::Method::post, path, body);
}

json::Document Sandbox::patch(const std::string& path, const std::string& body) {
  return control(http::Method::patch, path, body);
}

json::Document Sandbox::erase(const std::string& path) { return control(http::Method::del, path, ""); }

std::size_t Sandbox::count_requests(const std::string& service) {
  const json::Document summary = get("/journal/summary");
  const auto now = static_cast<std::size_t>(summary.root()[service]["requests"].as_integer().value());
  return now - std::exchange(counted_[service], now);
}

}  // namespace gk::test
