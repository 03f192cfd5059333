#include "e2e/checkin_gym.hpp"

#include <httplib.h>
#include <openssl/hmac.h>

#include <array>

namespace gk::test {

std::string CheckinGym::sign(const std::string& body) const {
  const std::string& key = environment.at("KISI_WEBHOOK_KEY");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size);
  std::string hex = "sha256=";
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

void CheckinGym::add_webhook() const {
  httplib::Client client(kisi_url());
  const httplib::Headers headers{{"Authorization", "KISI-LOGIN " + secrets().front()}};
  const char* body = R"({"integration":{"name":"Unlocks","type":"event_webhook","enabled":true,)"
                     R"("url":"https://sync.example.com/hooks/kisi","enabled_events":["lock.unlock"]}})";
  const auto answer = client.Post("/integrations", headers, body, "application/json");
  REQUIRE(answer);
  REQUIRE(answer->status == 200);
}

}  // namespace gk::test
