// SPDX-License-Identifier: Apache-2.0
#include "content/fetch.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "content/body_receiver.h"
#include "content/first_bytes.h"
#include "dropbox/downloads.h"

namespace dbxes::content {
namespace {

Pending<HttpResponse> Ask(dropbox::Client& client, const FetchRequest& request,
                          dropbox::Receive receive) {
  switch (request.route) {
    case FetchRoute::kDownload:
      return dropbox::Download(client, request.reference, std::move(receive));
    case FetchRoute::kExport:
      return dropbox::Export(client, request.reference, request.export_format, std::move(receive));
    case FetchRoute::kSharedLink:
      return dropbox::DownloadLink(client, request.reference, std::move(receive));
  }
  return {};
}

Error TooLong(const BodyReceiver& receiver, std::uint64_t max_bytes) {
  if (receiver.may_fit()) {
    Error error{ErrorKind::kRejectedDocument, "the file has more bytes than it was listed with"};
    error.tag = kGrownTag;
    return error;
  }
  Error error{ErrorKind::kRejectedDocument,
              fmt::format("the file has more than {} bytes", max_bytes)};
  error.tag = kTooLongTag;
  return error;
}

}  // namespace

Pending<FetchedContent> FetchContent(dropbox::Client& client, FetchRequest request) {
  const auto receiver = std::make_shared<BodyReceiver>(request);
  dropbox::Receive receive;
  receive.sink = receiver;
  receive.prepare = [receiver](HttpRequest& attempt) { receiver->Prepare(attempt); };
  receive.accept = [receiver](HttpResponse&) { return receiver->Check(); };
  const Pending<FetchedContent> result;
  Ask(client, request, std::move(receive))
      .Then([result, receiver, max_bytes = request.max_bytes](Result<HttpResponse> answer) {
        if (answer) return result.Fulfil(receiver->Take());
        if (receiver->unknown()) return result.Fulfil(Fail(UnknownBytes()));
        if (receiver->too_long()) return result.Fulfil(Fail(TooLong(*receiver, max_bytes)));
        result.Fulfil(Fail(std::move(answer.error())));
      });
  return result;
}

}  // namespace dbxes::content
