// The yardstick of scripts/bench: downloads the same member pages as the product, as many at a time, with
// nothing but libcurl, and reads every byte once. What the product costs beyond this is its own work.
//   gk-bare-download BASE_URL PAGES IN_FLIGHT  (headers from GK_API_KEY, GK_API_TOKEN, GK_BRANCH)
#include <curl/curl.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Totals {
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* context) noexcept {
  auto& totals = *static_cast<Totals*>(context);
  for (std::size_t i = 0; i < size * count; ++i) totals.sum += static_cast<unsigned char>(data[i]);
  totals.bytes += size * count;
  return size * count;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: gk-bare-download BASE_URL PAGES IN_FLIGHT\n", stderr);
    return 64;
  }
  const std::string base = argv[1];
  const int pages = std::atoi(argv[2]);
  const int in_flight = std::atoi(argv[3]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  curl_slist* headers = nullptr;
  headers = curl_slist_append(headers, ("x-api-key: " + variable("GK_API_KEY")).c_str());
  headers = curl_slist_append(headers, ("x-glofox-api-token: " + variable("GK_API_TOKEN")).c_str());
  headers = curl_slist_append(headers, ("x-glofox-branch-id: " + variable("GK_BRANCH")).c_str());
  headers = curl_slist_append(headers, "Accept: application/json");
  Totals totals;
  CURLM* multi = curl_multi_init();
  std::vector<CURL*> handles;
  int next_page = 1;
  int finished = 0;
  const auto start = [&](CURL* easy) {
    const std::string url = base + "/2.0/members?page=" + std::to_string(next_page++) + "&limit=100";
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_multi_add_handle(multi, easy);
  };
  for (int i = 0; i < in_flight && next_page <= pages; ++i) {
    CURL* easy = curl_easy_init();
    handles.push_back(easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &totals);
    start(easy);
  }
  int failed = 0;
  while (finished < pages) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      if (message->data.result != CURLE_OK || status != 200) ++failed;
      curl_multi_remove_handle(multi, easy);
      ++finished;
      if (next_page <= pages) start(easy);
    }
    if (finished < pages) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  std::printf("%llu bytes, sum %llu, %d failed\n", static_cast<unsigned long long>(totals.bytes),
              static_cast<unsigned long long>(totals.sum), failed);
  for (CURL* easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  curl_global_cleanup();
  return failed == 0 ? 0 : 1;
}
