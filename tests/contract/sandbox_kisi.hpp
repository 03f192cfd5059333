#pragma once

#include "kisi/client.hpp"
#include "support/sandbox.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace gk::test {

inline constexpr GroupId k_main_group{45510};
inline constexpr GroupId k_place_group{45511};
inline constexpr UserId k_key_user{7000001};

/// A sandbox of its own and a KisiClient with the product's whole HTTP stack in front of it.
class SandboxKisi : public Sandbox {
 public:
  explicit SandboxKisi(const std::vector<std::string>& arguments = {"--people", "0"}) : Sandbox(arguments) {
    stack_ = make_stack(kisi_options());
    client_ = std::make_unique<kisi::KisiClient>(stack_->transport(), clock(), log());
  }

  [[nodiscard]] kisi::KisiClient& client() { return *client_; }
  /// A hand-made Kisi user; their id.
  UserId add_user(const std::string& email, const std::string& metadata = "{}") {
    const json::Document user = post(
        "/kisi/users", fmt::format(R"({{"email":"{}","name":"Hand Made","metadata":{}}})", email, metadata));
    return UserId(user.root()["id"].as_integer().value());
  }

 private:
  std::unique_ptr<http::Stack> stack_;
  std::unique_ptr<kisi::KisiClient> client_;
};

}  // namespace gk::test
