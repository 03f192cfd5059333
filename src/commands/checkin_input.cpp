#include "commands/checkin_input.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "checkin/signature.hpp"

namespace gk::app {

namespace {

using checkin::k_max_unlock_bytes;

tl::unexpected<Error> too_large() {
  return fail(Category::protocol,
              fmt::format("the event cannot be used: it is larger than {} KiB; nothing was sent",
                          k_max_unlock_bytes >> 10U));
}

Result<std::string> read_standard_input(std::FILE* in) {
  constexpr const char* k_unreadable = "the event cannot be used: standard input cannot be read";
  if (in == nullptr) return fail(Category::protocol, k_unreadable);
  std::string bytes(k_max_unlock_bytes + 1, '\0');
  errno = 0;
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), in));
  if (std::ferror(in) != 0)
    return fail(Category::protocol, fmt::format("{} ({})", k_unreadable, std::strerror(errno)));
  if (bytes.size() > k_max_unlock_bytes) return too_large();
  return bytes;
}

}  // namespace

Result<std::string> read_delivery(const CheckinDelivery& command, const Process& process) {
  if (command.file == "-") return read_standard_input(process.in);
  config::FileReading reading = process.machine.read_file(command.file, k_max_unlock_bytes);
  if (reading.problem == config::FileProblem::too_large) return too_large();
  if (reading.problem != config::FileProblem::none) {
    return fail(Category::usage,
                fmt::format("--event: {} {}", command.file, config::describe(reading, k_max_unlock_bytes)));
  }
  return std::move(reading.bytes);
}

Result<std::vector<const config::Integration*>> verify_delivery(
    const std::string& body, const std::optional<std::string>& signature,
    const std::vector<const config::Integration*>& integrations) {
  std::vector<const config::Integration*> trusting;
  bool keyed = false;
  bool verified = false;
  for (const config::Integration* integration : integrations) {
    const auto& key = integration->signature_key;
    const bool matches = key && signature && checkin::verify_signature(body, *signature, key->value);
    keyed = keyed || key.has_value();
    verified = verified || matches;
    if (!key || matches) trusting.push_back(integration);
  }
  if (!keyed || verified) return trusting;
  return fail(
      Category::auth,
      signature ? "the signature does not match this event: compare checkin.signature_key with the webhook "
                  "in Kisi; nothing was read or sent"
                : "the event has no --signature, and checkin.signature_key is set; nothing was read or sent");
}

}  // namespace gk::app
