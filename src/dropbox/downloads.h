// SPDX-License-Identifier: Apache-2.0
// The routes that answer with a file's bytes: their argument travels in a header, their result too
// (Dropbox HTTP API: content-download endpoints). Tried again up to dropbox.retry_count times. A
// file that is gone is kNotFound, one that Dropbox does not serve kRejectedDocument; errors that
// concern every file (credentials, rates, the root) keep their kind.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// How the bytes of a file are received. An answer of success may still be cut short: the receiver
// has to compare the bytes with what the headers promise.
struct Receive {
  std::shared_ptr<BodySink> sink;
  std::function<void(HttpRequest&)> prepare;  // before each try: a Range to continue from
  // After each answer of success: kTemporary asks for another try, other errors are final.
  std::function<Result<void>(HttpResponse&)> accept;
};

// files/download.
Pending<HttpResponse> Download(Client& client, const std::string& id, Receive receive);
// files/export. A `format` of "" is the file's own default.
Pending<HttpResponse> Export(Client& client, const std::string& id, const std::string& format,
                             Receive receive);
// sharing/get_shared_link_file.
Pending<HttpResponse> DownloadLink(Client& client, const std::string& url, Receive receive);

}  // namespace dbxes::dropbox
