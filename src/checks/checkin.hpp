#pragma once

#include <string>
#include <vector>

#include "app/services.hpp"
#include "checks/facts.hpp"
#include "checks/report.hpp"

/// The checks of one integration's check-in.
namespace gk::app {

/// What was asked for check-in's sake.
struct CheckinFacts {
  Fact<std::vector<kisi::Webhook>> webhooks;  ///< of the organization, with their events
  std::string directory;                      ///< of the cache; empty: nobody knows where
  std::string directory_problem;              ///< empty: check-in can write there
  Fact<std::vector<Booking>> bookings;        ///< of a person who does not exist
};

/// Every webhook of the organization: one request for the list, and one each.
[[nodiscard]] Result<std::vector<kisi::Webhook>> read_webhooks(kisi::Account& account);

/// Why check-in could not keep its cache at `directory`; empty when it could. Makes nothing.
[[nodiscard]] std::string cache_problem(const std::string& directory);

/// A webhook posts unlocks. Pure.
[[nodiscard]] Finding check_webhook(const config::Integration& integration, const CheckinFacts& facts);
/// The cache can be written. Pure.
[[nodiscard]] Finding check_cache(const config::Integration& integration, const CheckinFacts& facts);
/// The route that bookings are looked up on answers. Pure.
[[nodiscard]] Finding check_bookings_route(const config::Integration& integration, const CheckinFacts& facts);
/// Says why the routes that write are not tried. Pure.
[[nodiscard]] Finding check_writing_routes(const config::Integration& integration);

/// All of them, in this order.
void add_checkin_checks(CheckList& list, const config::Integration& integration, const CheckinFacts& facts);

}  // namespace gk::app
