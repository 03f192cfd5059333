#pragma once

#include <string>

#include "app/cli.hpp"
#include "app/process.hpp"
#include "checkin/unlock.hpp"

/// What a hook hands over.
namespace gk::app {

/// The bytes of --event, at most checkin::k_max_unlock_bytes. usage: a file that cannot be read; protocol:
/// standard input that is closed, or too many bytes.
[[nodiscard]] Result<std::string> read_delivery(const CheckinDelivery& command, const Process& process);

/// Those integrations whose webhook this body may come from: all, when none of them has a
/// signature key; else those whose key made the signature and those without a key. auth: no key made it.
/// Looks at nothing but the bytes. Secrets must be resolved. Pure.
[[nodiscard]] Result<std::vector<const config::Integration*>> verify_delivery(
    const std::string& body, const std::optional<std::string>& signature,
    const std::vector<const config::Integration*>& integrations);

}  // namespace gk::app
