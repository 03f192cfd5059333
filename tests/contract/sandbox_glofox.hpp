#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "domain/listing.hpp"
#include "glofox/client.hpp"
#include "support/sandbox.hpp"

namespace gk::test {

/// A sandbox and a GlofoxClient with the product's whole HTTP stack in front of it.
struct SandboxGlofox {
  explicit SandboxGlofox(std::vector<std::string> arguments) : sandbox(arguments) {
    use(sandbox.glofox_options());
  }

  void use(http::StackOptions options, const std::string& branch = "64b0c0ffee00000000000b01") {
    stack = sandbox.make_stack(std::move(options));
    client = std::make_unique<glofox::GlofoxClient>(stack->transport(), BranchId(branch), sandbox.clock(),
                                                    sandbox.log());
  }
  void add_fault(const std::string& fault) { sandbox.post("/faults", fault); }
  /// "complete 250", "partial protocol" or "error auth".
  std::string roster() {
    const auto snapshot = client->read_roster();
    if (!snapshot) return fmt::format("error {}", category_name(snapshot.error().category));
    const Error* const reason = incomplete_because(snapshot->roster);
    if (reason != nullptr) return fmt::format("partial {}", category_name(reason->category));
    return fmt::format("complete {}", value_of(snapshot->roster).size());
  }

  Sandbox sandbox;
  std::unique_ptr<http::Stack> stack;
  std::unique_ptr<glofox::GlofoxClient> client;
};

}  // namespace gk::test
