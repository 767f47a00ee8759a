// SPDX-License-Identifier: Apache-2.0
// The routes that answer with a file's bytes: their argument travels in a header, their result too
// (Dropbox HTTP API: content-download endpoints).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/json/json.h"
#include "config/transport.h"
#include "dropbox/client.h"

namespace dbxes::dropbox {
namespace {

// Long enough for any error; the files themselves go to the sink.
constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20;

// JSON that may stand in a header: whatever is not plain ASCII is escaped, and DEL as well (Dropbox
// HTTP API: JSON encoding of HTTP headers).
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

// Refusals that hold for one file and will not go away by asking again (Dropbox HTTP API:
// DownloadError, ExportError, GetSharedLinkFileError, LookupError).
constexpr std::array<std::string_view, 10> kRefusals{
    "path/restricted_content",
    "path/unsupported_content_type",
    "path/locked",
    "path/not_file",
    "unsupported_file",
    "non_exportable",
    "invalid_export_format",
    "shared_link_access_denied",
    "unsupported_link_type",
    "shared_link_is_directory",
};

Error DownloadFailure(Error error) {
  const bool refused = std::find(kRefusals.begin(), kRefusals.end(), error.tag) != kRefusals.end();
  if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
  if (error.tag == "path/not_found" || error.tag == "shared_link_not_found") {
    error.kind = ErrorKind::kNotFound;
  }
  if (refused) error.kind = ErrorKind::kRejectedDocument;
  return error;
}

}  // namespace

Pending<HttpResponse> Client::Content(std::string_view route, std::string_view argument,
                                      Receive receive) {
  HttpRequest request;
  request.url = fmt::format("{}/2/{}", config_.dropbox.content_url, route);
  request.headers = acting_headers_;
  request.headers.push_back(fmt::format("Dropbox-API-Arg: {}", argument));
  // These routes refuse the type that curl gives every POST.
  request.headers.emplace_back("Content-Type:");
  request.timeouts = timeouts_;
  request.transport = config::TransportOf(config_.dropbox);
  request.accept_compressed = false;
  request.max_response_bytes = kMaxErrorBytes;
  request.body_sink = std::move(receive.sink);
  SendOptions options;
  options.max_retries = config_.dropbox.retry_count;
  options.prepare = std::move(receive.prepare);
  options.accept = std::move(receive.accept);
  const Pending<HttpResponse> result;
  sender_.Send(std::move(request), std::move(options)).Then([result](Result<HttpResponse> answer) {
    if (!answer) return result.Fulfil(Fail(DownloadFailure(std::move(answer.error()))));
    result.Fulfil(std::move(answer));
  });
  return result;
}

Pending<HttpResponse> Client::Download(const std::string& id, Receive receive) {
  return Content("files/download", HeaderArgument({{"path", id}}), std::move(receive));
}

Pending<HttpResponse> Client::Export(const std::string& id, const std::string& format,
                                     Receive receive) {
  const std::string argument = format.empty()
                                   ? HeaderArgument({{"path", id}})
                                   : HeaderArgument({{"path", id}, {"export_format", format}});
  return Content("files/export", argument, std::move(receive));
}

Pending<HttpResponse> Client::DownloadLink(const std::string& url, Receive receive) {
  return Content("sharing/get_shared_link_file", HeaderArgument({{"url", url}}),
                 std::move(receive));
}

}  // namespace dbxes::dropbox
