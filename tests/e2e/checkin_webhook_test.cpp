#include <httplib.h>

#include <random>
#include <thread>

#include "e2e/checkin_gym.hpp"

// The whole way: Debian's package `webhook` with the configuration of docs/, the real program behind it, and
// both services of the sandbox.
namespace gk::test::checkin_webhook_test {

namespace {

constexpr const char* k_webhook = "/usr/bin/webhook";
constexpr std::chrono::seconds k_patience{20};

/// The server, on a loopback port of its own, as docs/kisi-webhook.service starts it.
class WebhookServer {
 public:
  explicit WebhookServer(CheckinGym& gym) : gym_(gym) {
    if (!std::filesystem::exists(k_webhook)) FAIL("the package webhook is not installed: scripts/setup");
    gym.write_file("product.json", gym.config_text());
    const std::filesystem::path bin = gym.directory() / "bin";
    std::filesystem::create_directory(bin);
    std::filesystem::create_symlink(GK_BINARY, bin / "glofox-kisi");
    for (int tries = 0; tries < 5 && !process_; ++tries) start(bin.string());
    if (!process_) FAIL("webhook does not start");
  }

  /// The status of the answer.
  int post(const std::string& body, const std::string& signature,
           const char* type = "application/json") const {
    httplib::Client client("127.0.0.1", port_);
    httplib::Headers headers;
    if (!signature.empty()) headers.emplace("X-Signature", signature);
    const auto answer = client.Post("/hooks/kisi", headers, body, type);
    REQUIRE(answer);
    return answer->status;
  }
  [[nodiscard]] int port() const { return port_; }
  int get() const {
    const auto answer = httplib::Client("127.0.0.1", port_).Get("/hooks/kisi");
    REQUIRE(answer);
    return answer->status;
  }
  /// Until no command is left; webhook starts them after it has answered.
  void settle() {
    REQUIRE(happens_within(k_patience, [this] {
      const std::string log = process_->err() + process_->out();
      return count(log, "hook triggered successfully") == count(log, "finished handling kisi");
    }));
  }
  std::string log() { return process_->err() + process_->out(); }

 private:
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  void start(const std::string& bin) {
    port_ = 20000 + static_cast<int>(std::random_device{}() % 20000);
    Program program;
    program.argv = {k_webhook,
                    "-verbose",
                    "-template",
                    "-hooks",
                    std::string(GK_DOCS) + "/kisi-webhook.json",
                    "-ip",
                    "127.0.0.1",
                    "-port",
                    std::to_string(port_)};
    program.environment = gym_.environment;
    program.environment.emplace("PATH", bin + ":/usr/bin:/bin");
    program.environment.emplace("HOME", (gym_.directory() / "home").string());
    program.environment.emplace("TMPDIR", (gym_.directory() / "tmp").string());
    program.environment.emplace("GLOFOX_KISI_CONFIG", gym_.config_path());
    process_ = std::make_unique<Process>(program);
    const bool up = happens_within(k_patience, [this] {
      return !process_->is_running() || httplib::Client("127.0.0.1", port_).Get("/");
    });
    if (!up || !process_->is_running()) process_.reset();
  }

  CheckinGym& gym_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace

TEST_CASE("deliveries through webhook: signed, unsigned, replayed and hostile", "[checkin]") {
  CheckinGym gym;
  const std::string ada = gym.add_member("ada@example.com");
  gym.sync_members();
  const std::string booking = gym.book(ada, 20);
  WebhookServer server(gym);

  const Delivery delivery = gym.unlock("ada@example.com");
  SECTION("a signed unlock is checked in, its replays are not") {
    CHECK(server.post(delivery.body, delivery.signature) == 200);
    server.settle();
    INFO(server.log());
    CHECK(gym.entries() == 1);
    CHECK(gym.attended(booking));
    for (int i = 0; i < 5; ++i) CHECK(server.post(delivery.body, delivery.signature) == 200);
    server.settle();
    CHECK(gym.entries() == 1);
    CHECK(gym.count("POST", "/2.0/access") == 1);
  }
  SECTION("a bare signature does as well") {
    CHECK(server.post(delivery.body, delivery.signature.substr(7)) == 200);
    server.settle();
    CHECK(gym.entries() == 1);
  }
  SECTION("unsigned and wrongly signed deliveries start nothing") {
    std::string wrong = delivery.signature;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    CHECK(server.post(delivery.body, "") >= 400);
    CHECK(server.post(delivery.body, wrong) >= 400);
    CHECK(server.post(delivery.body + " ", delivery.signature) >= 400);
    CHECK(server.post(delivery.body, "sha256=$(touch /tmp/glofox-kisi-injected)") >= 400);
    CHECK(server.get() >= 400);
    server.settle();
    CHECK_FALSE(contains(server.log(), "executing"));
    CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  }
  SECTION("hostile bodies of somebody who has the key send nothing and run nothing") {
    std::string large = delivery.body;
    large.resize((std::size_t{64} << 10U) + 1, ' ');
    const std::string bodies[] = {
        "",
        "$(touch /tmp/glofox-kisi-injected)",
        R"({"uuid":"'; touch /tmp/glofox-kisi-injected; '","type":"`id`"})",
        "[" + delivery.body + "]",
        std::string(5000, '['),
        large,
        delivery.body + std::string(1, '\0'),
    };
    for (const std::string& body : bodies) {
      const int status = server.post(body, gym.sign(body));
      CHECK((status == 200 || status >= 400));
    }
    server.settle();
    CHECK(gym.entries() == 0);
    CHECK(gym.kisi().requests + gym.glofox().requests == 0);
    CHECK_FALSE(std::filesystem::exists("/tmp/glofox-kisi-injected"));
    // It still works.
    CHECK(server.post(delivery.body, delivery.signature) == 200);
    server.settle();
    CHECK(gym.entries() == 1);
  }
  SECTION("a burst of one event and of two doors") {
    std::vector<std::thread> threads;
    const Delivery door = gym.unlock("ada@example.com", R"(,"lock_id":18843)");
    for (int i = 0; i < 20; ++i) {
      threads.emplace_back([&, i] {
        const Delivery& one = i % 2 == 0 ? delivery : door;
        httplib::Client client("127.0.0.1", server.port());
        client.Post("/hooks/kisi", {{"X-Signature", one.signature}}, one.body, "application/json");
      });
    }
    for (std::thread& thread : threads) thread.join();
    server.settle();
    CHECK(gym.entries() == 1);
  }
}

}  // namespace gk::test::checkin_webhook_test
