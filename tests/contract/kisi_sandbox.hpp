#pragma once

#include "http/stack.hpp"
#include "json/document.hpp"
#include "kisi/client.hpp"
#include "support/process.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gk::test {

inline constexpr GroupId k_main_group{45510};
inline constexpr GroupId k_place_group{45511};
inline constexpr UserId k_key_user{7000001};

/// A sandbox of its own and a KisiClient with the product's whole HTTP stack in front of it.
class KisiSandbox {
 public:
  explicit KisiSandbox(const std::vector<std::string>& arguments = {"--people", "0"});

  [[nodiscard]] kisi::KisiClient& client() { return *client_; }
  /// A second client, as a second run of the program would have.
  [[nodiscard]] std::unique_ptr<kisi::KisiClient> another_client();
  /// The control routes of docs/sandbox.md; the answer, which must be 200.
  json::Document ask(const std::string& path);
  json::Document tell(const std::string& path, const std::string& body);
  /// Requests of the Kisi service since the last call, by the journal.
  std::size_t count_requests();
  /// A hand-made Kisi user; their id.
  UserId add_user(const std::string& email, const std::string& metadata = "{}");
  /// Rows made by the main group's owner.
  void add_foreign_rows(int count);

 private:
  json::Document control(http::Method method, const std::string& path, const std::string& body);
  [[nodiscard]] std::unique_ptr<http::Stack> make_stack(http::StackOptions options);

  StopFlag stop_;
  SystemClock clock_{stop_};
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> sink_{std::tmpfile(), &std::fclose};
  Log log_{sink_.get(), LogLevel::debug, LogFormat::text, clock_};
  std::unique_ptr<Process> process_;
  std::unique_ptr<http::Stack> kisi_;
  std::unique_ptr<http::Stack> control_;
  std::unique_ptr<kisi::KisiClient> client_;
  std::size_t counted_ = 0;
};

}  // namespace gk::test
