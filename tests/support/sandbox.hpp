#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/stack.hpp"
#include "json/document.hpp"
#include "support/process.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"
#include "util/stop.hpp"

namespace gk::test {

/// A sandbox process of its own (docs/sandbox.md); stops when this object goes. The tests that use it define
/// GK_SANDBOX_BINARY.
class Sandbox {
 public:
  /// Arguments of the sandbox, e.g. {"--people", "250", "--switch", "has_more=always"}. A sandbox that does
  /// not start fails the test.
  explicit Sandbox(const std::vector<std::string>& arguments = {"--people", "0"});

  /// The first line of its output: addresses and credentials.
  [[nodiscard]] json::View facts() const { return facts_->root(); }
  [[nodiscard]] std::string fact(std::string_view service, std::string_view key) const;
  /// The control routes; the answer, which must be 200.
  json::Document get(const std::string& path);
  json::Document post(const std::string& path, const std::string& body);
  json::Document patch(const std::string& path, const std::string& body);
  json::Document erase(const std::string& path);
  /// Requests of a service ("glofox" or "kisi") since the last call for it, by the journal.
  std::size_t count_requests(const std::string& service);

  /// The product's whole HTTP stack in front of a service, with delays of milliseconds.
  [[nodiscard]] std::unique_ptr<http::Stack> make_stack(http::StackOptions options);
  /// Options of a service with the right credentials, or with another Kisi key.
  [[nodiscard]] http::StackOptions glofox_options() const;
  [[nodiscard]] http::StackOptions kisi_options(const std::string& key = {}) const;

  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] Log& log() { return log_; }

 private:
  json::Document control(http::Method method, const std::string& path, const std::string& body);

  StopFlag stop_;
  SystemClock clock_{stop_};
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> sink_{std::tmpfile(), &std::fclose};
  Log log_{sink_.get(), LogLevel::debug, LogFormat::text, clock_};
  std::unique_ptr<Process> process_;
  std::unique_ptr<json::Document> facts_;
  std::unique_ptr<http::Stack> control_;
  std::map<std::string, std::size_t> counted_;
};

}  // namespace gk::test
