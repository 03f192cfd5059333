#include "contract/transport_fixture.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace gk::test::transport_tls_test {

using namespace gk::http;
using test::create_request;
using test::CurlFixture;
using test::RawConnection;

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

/// A certificate signed by itself for one name, and its key.
struct Certificate {
  explicit Certificate(const std::string& alternative_name, long valid_seconds = 3600)
      : key(EVP_EC_gen("P-256")), x509(X509_new()) {
    X509_set_version(x509.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), valid_seconds);
    X509_set_pubkey(x509.get(), key.get());
    X509_NAME* name = X509_get_subject_name(x509.get());
    const std::string common_name = "glofox-kisi test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x509.get(), name);
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_name.c_str()));
    X509_add_ext(x509.get(), extension.get(), -1);
    X509_sign(x509.get(), key.get(), EVP_sha256());
  }
  Owned<EVP_PKEY, EVP_PKEY_free> key;
  Owned<X509, X509_free> x509;
};

/// The certificate in a file of its own, for a client that is to trust it.
struct TrustFile {
  explicit TrustFile(const Certificate& certificate)
      : path(std::filesystem::temp_directory_path() / "gk-trust-XXXXXX") {
    std::FILE* file = fdopen(mkstemp(path.data()), "w");
    PEM_write_X509(file, certificate.x509.get());
    std::fclose(file);
  }
  ~TrustFile() { std::remove(path.c_str()); }
  TrustFile(const TrustFile&) = delete;
  TrustFile& operator=(const TrustFile&) = delete;
  std::string path;
};

/// Counts what came through an encrypted connection and answers it.
struct TlsHandler {
  explicit TlsHandler(const Certificate& certificate) : context(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context.get(), certificate.x509.get());
    SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
  }
  void operator()(RawConnection& connection) {
    const Owned<SSL, SSL_free> ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), connection.descriptor());
    if (SSL_accept(ssl.get()) != 1) return;
    char buffer[4096];
    while (SSL_read(ssl.get(), buffer, sizeof buffer) > 0) {
      ++requests;
      constexpr std::string_view k_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
      SSL_write(ssl.get(), k_answer.data(), static_cast<int>(k_answer.size()));
    }
  }
  Owned<SSL_CTX, SSL_CTX_free> context;
  std::atomic<int> requests{0};
};

std::string tls_url(const CurlFixture& fixture) {
  return fmt::format("https://127.0.0.1:{}", fixture.server.port());
}

}  // namespace

TEST_CASE("a certificate nobody vouches for is refused, and nothing was sent") {
  TlsHandler handler(Certificate("IP:127.0.0.1"));
  CurlFixture f([&](RawConnection& connection) { handler(connection); });
  f.options.base_url = tls_url(f);
  const auto result = f.send_one(create_request());
  REQUIRE_FALSE(result);
  CHECK(result.error().category == Category::unavailable);
  CHECK_FALSE(result.error().outcome_unknown);
  CHECK_THAT(result.error().message, Catch::Contains("the certificate of 127.0.0.1 is not valid"));
  CHECK(handler.requests == 0);
}

TEST_CASE("a certificate for another name, or of yesterday, is refused") {
  const bool expired = GENERATE(false, true);
  const Certificate certificate = expired ? Certificate("IP:127.0.0.1", -60) : Certificate("DNS:example.com");
  const TrustFile trust(certificate);
  TlsHandler handler(certificate);
  CurlFixture f([&](RawConnection& connection) { handler(connection); });
  f.options.base_url = tls_url(f);
  f.options.ca_file = trust.path;
  const auto result = f.send_one(create_request());
  REQUIRE_FALSE(result);
  CHECK_FALSE(result.error().outcome_unknown);
  CHECK_THAT(result.error().message, Catch::Contains("the certificate of 127.0.0.1 is not valid"));
  CHECK(handler.requests == 0);
}

TEST_CASE("a trusted certificate for the right name is accepted") {
  const Certificate certificate("IP:127.0.0.1");
  const TrustFile trust(certificate);
  TlsHandler handler(certificate);
  CurlFixture f([&](RawConnection& connection) { handler(connection); });
  f.options.base_url = tls_url(f);
  f.options.ca_file = trust.path;
  {
    CurlTransport transport = f.make();
    CHECK(send(transport, create_request()));
    CHECK(send(transport, create_request()));
  }
  CHECK(handler.requests == 2);
  CHECK(f.server.connections() == 1);
}

}  // namespace gk::test::transport_tls_test
