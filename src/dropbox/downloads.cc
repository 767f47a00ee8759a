// SPDX-License-Identifier: Apache-2.0
#include "dropbox/downloads.h"

#include <string_view>
#include <utility>

#include "base/json/json.h"

namespace dbxes::dropbox {
namespace {

// JSON for a header: what is not plain ASCII is escaped, and DEL as well (Dropbox HTTP API: JSON
// encoding of HTTP headers).
std::string HeaderArgument(
    std::initializer_list<std::pair<std::string_view, std::string_view>> arguments) {
  using AsciiWriter = rapidjson::Writer<JsonBuffer, rapidjson::UTF8<>, rapidjson::ASCII<>>;
  JsonBuffer buffer;
  AsciiWriter writer(buffer);
  writer.StartObject();
  for (const auto& [key, value] : arguments) {
    writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  writer.EndObject();
  std::string text;
  for (const char c : View(buffer)) {
    if (c == '\x7f') {
      text += "\\u007f";
    } else {
      text += c;
    }
  }
  return text;
}

Pending<HttpResponse> Fetch(Client& client, std::string_view route, std::string_view argument,
                            Receive receive) {
  SendOptions options;
  options.prepare = std::move(receive.prepare);
  options.accept = std::move(receive.accept);
  return client.Content(route, argument, std::move(receive.sink), std::move(options));
}

}  // namespace

Pending<HttpResponse> Download(Client& client, const std::string& id, Receive receive) {
  return Fetch(client, "files/download", HeaderArgument({{"path", id}}), std::move(receive));
}

Pending<HttpResponse> Export(Client& client, const std::string& id, const std::string& format,
                             Receive receive) {
  const std::string argument = format.empty()
                                   ? HeaderArgument({{"path", id}})
                                   : HeaderArgument({{"path", id}, {"export_format", format}});
  return Fetch(client, "files/export", argument, std::move(receive));
}

Pending<HttpResponse> DownloadLink(Client& client, const std::string& url, Receive receive) {
  return Fetch(client, "sharing/get_shared_link_file", HeaderArgument({{"url", url}}),
               std::move(receive));
}

}  // namespace dbxes::dropbox
