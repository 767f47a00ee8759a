// SPDX-License-Identifier: Apache-2.0
// Proxies and certificates, with real servers on the loopback.
#include "base/http/curl_transport.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <cstdlib>
#include <string>

#include "base/base64.h"
#include "base/http/running_server.h"
#include "base/http/tunnel_proxy.h"
#include "base/os/posix_file_system.h"
#include "base/os/temp_folder.h"

namespace dbxes {
namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// An authority, and certificates of it for a server and a client, made by openssl.
class Certificates {
 public:
  Certificates() {
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
    Openssl("req -x509 -nodes -days 2 -subj /CN=authority " + key +
            " -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.pem");
    Openssl("req -x509 -nodes -days 2 -subj /CN=other " + key +
            " -keyout other.key -out other.pem");
    Sign("server", "-nodes " + key, "subjectAltName=IP:127.0.0.1");
    Openssl(
        "x509 -req -days -1 -CA ca.pem -CAkey ca.key -CAcreateserial -in server.csr -extfile "
        "server.ext -out expired.pem");
    Sign("client", "-passout pass:swordfish " + key, "extendedKeyUsage=clientAuth");
    Shell("cat server.pem ca.pem > chain.pem");
  }

  std::string operator/(const std::string& name) const { return folder_ / name; }
  // As openssl prints it, but for colons and capitals.
  std::string Fingerprint(const std::string& name) {
    Shell("openssl x509 -in " + name +
          " -noout -fingerprint -sha256 | cut -d= -f2 | tr -d ':\n' | "
          "tr A-F a-f > fingerprint");
    return *PosixFileSystem().ReadFile(folder_ / "fingerprint");
  }

 private:
  void Sign(const std::string& name, const std::string& key, const std::string& extension) {
    Shell("echo '" + extension + "' > " + name + ".ext");
    Openssl("req -subj /CN=" + name + " " + key + " -keyout " + name + ".key -out " + name +
            ".csr");
    Openssl("x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -in " + name +
            ".csr -extfile " + name + ".ext -out " + name + ".pem");
  }
  void Openssl(const std::string& arguments) { Shell("openssl " + arguments + " 2>/dev/null"); }
  void Shell(const std::string& command) {
    const std::string line = "cd '" + folder_.path() + "' && " + command;
    CAPTURE(line);
    REQUIRE(std::system(line.c_str()) == 0);
  }

  TempFolder folder_;
};

Certificates& Made() {
  static Certificates certificates;
  return certificates;
}

// A server whose handshake shows its certificate and that of its authority.
struct TlsServer {
  explicit TlsServer(const char* certificate = "chain.pem", const char* client_ca = "")
      : file(Made() / certificate),
        key(Made() / "server.key"),
        ca(client_ca[0] != '\0' ? Made() / client_ca : ""),
        running(file.c_str(), key.c_str(), ca.empty() ? nullptr : ca.c_str()) {
    running.server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content("hello " + request.get_header_value("Authorization"), "text/plain");
    });
    running.Start();
  }

  HttpRequest Ask() const { return Request("GET", running.Url("/", "https")); }

  std::string file;
  std::string key;
  std::string ca;
  Running<httplib::SSLServer> running;
};

// An environment variable that is set during a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

constexpr const char* kWantsCredentials =
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr const char* kForbids = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
constexpr const char* kOverloaded = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

}  // namespace

TEST_CASE("the fingerprint of any certificate in the chain is trusted") {
  const TlsServer server;
  Client client;
  HttpRequest request = server.Ask();
  for (const char* name : {"ca.pem", "server.pem"}) {
    CAPTURE(name);
    request.transport.ca_fingerprint = Made().Fingerprint(name);
    const auto answer = client.Ask(request);
    REQUIRE_MESSAGE(answer, answer.error().message);
    CHECK(answer->status == 200);
  }
}

TEST_CASE("another fingerprint is refused, and the message lists those of the server") {
  const TlsServer server;
  Client client;
  HttpRequest request = server.Ask();
  request.transport.ca_fingerprint = Made().Fingerprint("other.pem");
  // The file of authorities does not count.
  request.transport.ca_file = Made() / "ca.pem";
  const auto answer = client.Ask(request);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kConfig);
  CHECK(answer.error().tag == kFingerprintTag);
  CHECK(answer.error().message == "https://127.0.0.1:" + std::to_string(server.running.port()) +
                                      ": no certificate from the server has the fingerprint " +
                                      Made().Fingerprint("other.pem") + "; it sends " +
                                      Made().Fingerprint("server.pem") + ", " +
                                      Made().Fingerprint("ca.pem"));
}

TEST_CASE("a fingerprint does not cover another name or a chain without its certificate") {
  Client client;
  SUBCASE("another name") {
    const TlsServer server;
    HttpRequest request = server.Ask();
    request.transport.ca_fingerprint = Made().Fingerprint("ca.pem");
    request.url.replace(request.url.find("127.0.0.1"), 9, "localhost");
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
    CHECK(answer.error().tag == kCertificateNameTag);
  }
  SUBCASE("an authority that is not sent along") {
    const TlsServer server("server.pem");
    HttpRequest request = server.Ask();
    request.transport.ca_fingerprint = Made().Fingerprint("ca.pem");
    CHECK(client.Ask(request).error().tag == kFingerprintTag);
  }
  SUBCASE("a connection that was made without it is not taken") {
    const TlsServer server;
    HttpRequest request = server.Ask();
    request.transport.ca_file = Made() / "ca.pem";
    REQUIRE(client.Ask(request));
    request.transport.ca_fingerprint = Made().Fingerprint("other.pem");
    CHECK_FALSE(client.Ask(request));
  }
}

TEST_CASE("an error of a certificate has the tag of its reason") {
  const auto error = [](const char* certificate, const std::string& ca, bool other_name) {
    const TlsServer server(certificate);
    Client client;
    HttpRequest request = server.Ask();
    request.transport.ca_file = Made() / ca;
    if (other_name) request.url.replace(request.url.find("127.0.0.1"), 9, "localhost");
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
    return answer.error();
  };
  CHECK(error("server.pem", "other.pem", false).tag == kCertificateTag);
  CHECK(error("server.pem", "ca.pem", true).tag == kCertificateNameTag);
  CHECK(error("expired.pem", "ca.pem", false).tag == kCertificateDateTag);
  CHECK(Contains(error("expired.pem", "ca.pem", false).message, "expired"));
}

TEST_CASE("a client sends its certificate") {
  const TlsServer server("chain.pem", "ca.pem");
  Client client;
  HttpRequest request = server.Ask();
  request.transport.ca_file = Made() / "ca.pem";
  SUBCASE("none") { CHECK_FALSE(client.Ask(request)); }
  SUBCASE("with its key") {
    request.transport.client_cert = Made() / "client.pem";
    request.transport.client_key = Made() / "client.key";
    request.transport.client_key_password = "swordfish";
    const auto answer = client.Ask(request);
    REQUIRE_MESSAGE(answer, answer.error().message);
    CHECK(answer->status == 200);
  }
  SUBCASE("a wrong password and none need a person, who is not asked here") {
    request.transport.client_cert = Made() / "client.pem";
    request.transport.client_key = Made() / "client.key";
    for (const char* password : {"", "wrong"}) {
      request.transport.client_key_password = password;
      const auto answer = client.Ask(request);
      REQUIRE_FALSE(answer);
      CHECK(answer.error().kind == ErrorKind::kConfig);
      CHECK(Contains(answer.error().message, "client.key"));
    }
  }
  SUBCASE("a key of another certificate needs a person") {
    request.transport.client_cert = Made() / "client.pem";
    request.transport.client_key = Made() / "server.key";
    CHECK(client.Ask(request).error().kind == ErrorKind::kConfig);
  }
}

TEST_CASE("a request uses its own proxy, which sees no secret") {
  const TlsServer server;
  TunnelProxy proxy;
  Client client;
  HttpRequest request = server.Ask();
  request.transport.ca_file = Made() / "ca.pem";
  request.transport.proxy = proxy.url();
  request.headers = {"Authorization: Bearer swordfish"};
  const auto answer = client.Ask(request);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->body == "hello Bearer swordfish");
  CHECK(answer->Header("x-proxy").empty());
  REQUIRE(proxy.heads().size() == 1);
  const std::string head = proxy.heads().front();
  CHECK(head.rfind("CONNECT 127.0.0.1:" + std::to_string(server.running.port()) + " ", 0) == 0);
  CHECK_FALSE(Contains(head, "swordfish"));
}

TEST_CASE("the environment names a proxy unless the request does") {
  const TlsServer server;
  TunnelProxy proxy;
  HttpRequest request = server.Ask();
  request.transport.ca_file = Made() / "ca.pem";
  const Variable https("HTTPS_PROXY", proxy.url());
  SUBCASE("it counts") {
    Client client;
    REQUIRE(client.Ask(request));
    CHECK(proxy.heads().size() == 1);
  }
  SUBCASE("with its exceptions") {
    const Variable none("NO_PROXY", "example.com,127.0.0.1");
    Client client;
    REQUIRE(client.Ask(request));
    CHECK(proxy.heads().empty());
  }
  SUBCASE("none overrides it") {
    request.transport.proxy = "none";
    Client client;
    REQUIRE(client.Ask(request));
    CHECK(proxy.heads().empty());
  }
  SUBCASE("another one overrides it, exceptions included") {
    const Variable none("NO_PROXY", "127.0.0.1");
    TunnelProxy other;
    request.transport.proxy = other.url();
    Client client;
    REQUIRE(client.Ask(request));
    CHECK(proxy.heads().empty());
    CHECK(other.heads().size() == 1);
  }
}

// Secrets may go there in clear, because they do not leave the machine.
TEST_CASE("plain HTTP to this machine passes through no proxy of the environment") {
  Running<httplib::Server> running;
  running.server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("direct", "text/plain");
  });
  running.Start();
  TunnelProxy proxy;
  const Variable http("http_proxy", proxy.url());
  const Variable all("ALL_PROXY", proxy.url());
  HttpRequest request = Request("GET", running.Url("/"));
  request.headers = {"Authorization: Bearer swordfish"};
  SUBCASE("by its address") {}
  SUBCASE("by its name") { request.url.replace(request.url.find("127.0.0.1"), 9, "localhost"); }
  Client client;
  const auto answer = client.Ask(request);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->body == "direct");
  CHECK(proxy.heads().empty());
}

TEST_CASE("a proxy receives its own credentials") {
  const TlsServer server;
  // A percent sign is not an escape, and the password may contain colons.
  TunnelProxy proxy(kWantsCredentials,
                    "Proxy-Authorization: Basic " + Base64Encode("us%41er:pass:%20word") + "\r\n");
  Client client;
  HttpRequest request = server.Ask();
  request.transport.ca_file = Made() / "ca.pem";
  request.transport.proxy = proxy.url();
  const std::string begin = "https://127.0.0.1:" + std::to_string(server.running.port());
  SUBCASE("right ones") {
    request.transport.proxy_credentials = "us%41er:pass:%20word";
    const auto answer = client.Ask(request);
    REQUIRE_MESSAGE(answer, answer.error().message);
    CHECK(answer->status == 200);
  }
  SUBCASE("none and wrong ones need a person") {
    for (const char* pair : {"", "user:swordfish"}) {
      request.transport.proxy_credentials = pair;
      const auto answer = client.Ask(request);
      REQUIRE_FALSE(answer);
      CHECK(answer.error().kind == ErrorKind::kConfig);
      CHECK(answer.error().message ==
            begin + ": the proxy " + proxy.url() + " requires a user name and password (HTTP 407)");
    }
  }
}

TEST_CASE("answers of a proxy instead of the server") {
  const TlsServer server;
  Client client;
  HttpRequest request = server.Ask();
  request.transport.ca_file = Made() / "ca.pem";
  SUBCASE("a refusal needs a person") {
    TunnelProxy proxy(kForbids);
    request.transport.proxy = proxy.url();
    const auto answer = client.Ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
    CHECK(Contains(answer.error().message, "does not let this connection through (HTTP 403)"));
  }
  SUBCASE("trouble passes") {
    TunnelProxy proxy(kOverloaded);
    request.transport.proxy = proxy.url();
    CHECK(client.Ask(request).error().kind == ErrorKind::kTemporary);
  }
  SUBCASE("a proxy that is not there may come back") {
    const DeafPort deaf;
    request.transport.proxy = deaf.url();
    CHECK(client.Ask(request).error().kind == ErrorKind::kTemporary);
  }
  SUBCASE("in front of plain HTTP it answers itself") {
    TunnelProxy proxy(kWantsCredentials);
    HttpRequest plain = Request("GET", "http://search.test/");
    plain.transport.proxy = proxy.url();
    const auto answer = client.Ask(plain);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kConfig);
    CHECK(Contains(answer.error().message, "requires a user name and password"));
    CHECK(proxy.heads().front().rfind("GET http://search.test/ ", 0) == 0);
  }
}

}  // namespace dbxes
