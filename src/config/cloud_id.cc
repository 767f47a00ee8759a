// SPDX-License-Identifier: Apache-2.0
#include "config/cloud_id.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/http/url.h"

namespace dbxes::config {
namespace {

// Cuts the port off "host:port"; "" if there is none.
std::string_view TakePort(std::string_view& part) {
  const std::size_t colon = part.find(':');
  if (colon == std::string_view::npos) return "";
  const std::string_view port = part.substr(colon + 1);
  part = part.substr(0, colon);
  return port;
}

bool IsHostName(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                              "XYZ0123456789-._") == std::string_view::npos;
}

}  // namespace

Result<std::string> UrlOfCloudId(std::string_view cloud_id) {
  const auto fail = [](std::string_view why) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{}; copy the whole Cloud ID from the page of the deployment", why));
  };
  const std::size_t colon = cloud_id.rfind(':');
  if (colon == std::string_view::npos) return fail("it has no colon");
  const auto decoded = Base64Decode(cloud_id.substr(colon + 1));
  if (!decoded) return fail("the part after its last colon is not Base64");
  const std::string_view text = *decoded;
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos) return fail("it names no cluster");
  std::string_view domain = text.substr(0, dollar);
  std::string_view cluster = text.substr(dollar + 1);
  cluster = cluster.substr(0, cluster.find('$'));
  const std::string_view general_port = TakePort(domain);
  std::string_view port = TakePort(cluster);
  if (port.empty()) port = general_port;
  if (!IsHostName(domain)) return fail("it names no domain");
  if (!IsHostName(cluster)) return fail("it names no cluster");
  std::string url = fmt::format("https://{}.{}", cluster, domain);
  if (!port.empty() && port != "443") url += fmt::format(":{}", port);
  if (!ParseUrl(url)) return fail("its port is not a number");
  return url;
}

}  // namespace dbxes::config
