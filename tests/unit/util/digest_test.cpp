#include "util/digest.hpp"

#include <catch2/catch.hpp>

using gk::Secret;

// RFC 6234 and RFC 4231, test case 2: not computed by the code under test.
TEST_CASE("SHA-256 is written as 64 lower-case digits") {
  CHECK(gk::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(gk::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("an HMAC is compared whole") {
  const std::string mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const std::string_view text = "what do ya want for nothing?";
  CHECK(gk::is_hmac_sha256(mac, text, Secret("Jefe")));
  CHECK_FALSE(gk::is_hmac_sha256(mac, text, Secret("Jeff")));
  CHECK_FALSE(gk::is_hmac_sha256(mac.substr(0, 32), text, Secret("Jefe")));
  CHECK_FALSE(gk::is_hmac_sha256(mac + "00", text, Secret("Jefe")));
  CHECK_FALSE(gk::is_hmac_sha256("", text, Secret("Jefe")));
}
