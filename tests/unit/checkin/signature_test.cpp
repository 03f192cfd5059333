#include "checkin/signature.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "util/text.hpp"

namespace gk::checkin::signature_test {

namespace {

// RFC 4231, test case 2: not computed by the code under test.
const std::string k_key = "Jefe";
const std::string k_body = "what do ya want for nothing?";
const std::string k_mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

bool accepts(const std::string& header) { return verify_signature(k_body, header, Secret(k_key)); }

}  // namespace

TEST_CASE("every spelling of the right signature is accepted") {
  CHECK(accepts(k_mac));
  CHECK(accepts("sha256=" + k_mac));
  CHECK(accepts("SHA256=" + upper(k_mac)));
  CHECK(accepts(upper(k_mac)));
  CHECK(accepts("  sha256=" + k_mac + "\n"));
}

TEST_CASE("anything else is refused") {
  const std::string rows[] = {"",
                              "sha256=",
                              k_mac.substr(1),
                              k_mac + "0",
                              "sha1=" + k_mac,
                              "sha256:" + k_mac,
                              "sha256=sha256=" + k_mac,
                              "sha256= " + k_mac,
                              k_mac + "," + k_mac,
                              std::string(64, '0'),
                              std::string(64, 'g'),
                              std::string(64, '\0'),
                              k_mac.substr(0, 63) + std::string(1, '\0')};
  for (const std::string& header : rows) {
    INFO(printable(header));
    CHECK_FALSE(accepts(header));
  }
}

TEST_CASE("each digit of the signature counts") {
  for (std::size_t i = 0; i < k_mac.size(); ++i) {
    std::string wrong = k_mac;
    wrong[i] = wrong[i] == '0' ? '1' : '0';
    CHECK_FALSE(accepts(wrong));
  }
}

TEST_CASE("body and key count, and no key trusts nobody") {
  CHECK_FALSE(verify_signature(k_body + " ", k_mac, Secret(k_key)));
  CHECK_FALSE(verify_signature(k_body, k_mac, Secret("jefe")));
  // The MAC of an empty key exists, but an empty key is no key.
  CHECK_FALSE(
      verify_signature("", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", Secret("")));
  // RFC 4231, test case 6: a key longer than a block.
  CHECK(verify_signature("Test Using Larger Than Block-Size Key - Hash Key First",
                         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                         Secret(std::string(131, '\xaa'))));
}

TEST_CASE("no header of the corpus is accepted") {
  int seen = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(GK_FIXTURES) + "/checkin/signatures")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string header{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    INFO(entry.path());
    CHECK_FALSE(accepts(header));
    ++seen;
  }
  CHECK(seen == 11);
}

}  // namespace gk::checkin::signature_test
