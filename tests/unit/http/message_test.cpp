#include "http/message.hpp"

#include "util/secret.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <ostream>
#include <type_traits>

namespace gk::http::message_test {

namespace {

template <class T, class = void>
struct IsStreamable : std::false_type {};
template <class T>
struct IsStreamable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

// A credential cannot be printed by accident: neither fmt, nor a stream, nor a string takes it.
static_assert(IsStreamable<std::string>::value);
static_assert(!IsStreamable<gk::Secret>::value);
static_assert(fmt::is_formattable<std::string>::value);
static_assert(!fmt::is_formattable<gk::Secret>::value);
static_assert(!std::is_convertible_v<gk::Secret, std::string>);
static_assert(!std::is_convertible_v<gk::Secret, std::string_view>);

}  // namespace

TEST_CASE("methods have their names on the wire") {
  using gk::http::Method;
  CHECK(gk::http::method_name(Method::get) == "GET");
  CHECK(gk::http::method_name(Method::post) == "POST");
  CHECK(gk::http::method_name(Method::patch) == "PATCH");
  CHECK(gk::http::method_name(Method::del) == "DELETE");
}

TEST_CASE("headers are found whatever their case, the first one wins") {
  gk::http::Headers headers;
  headers.add("X-Collection-Range", "0-9/20");
  headers.add("x-collection-range", "10-19/20");
  CHECK(headers.find("x-COLLECTION-range") == "0-9/20");
  CHECK_FALSE(headers.find("X-Collection").has_value());
  CHECK_FALSE(headers.find("").has_value());
}

}  // namespace gk::http::message_test
