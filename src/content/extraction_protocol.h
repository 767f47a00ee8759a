// SPDX-License-Identifier: Apache-2.0
// What is said to a text extraction service and what its answers mean: Elastic's data extraction
// service (the one of its connectors, `PUT /extract_text/`) and an Apache Tika server
// (`PUT /tika/text`). No I/O.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/http/backoff.h"
#include "base/http/http.h"
#include "base/result.h"
#include "config/config.h"
#include "content/extract_text.h"

namespace dbxes::content {

// One file on its way to the service.
struct FileToRead {
  std::shared_ptr<const std::string> bytes;
  std::string extension;  // lower case; a hint, for formats that do not show in the bytes
};

// `pointer`: the path of the file for the service, "" when the bytes go with the request.
HttpRequest ReadRequest(const config::ExtractionServiceConfig& service,
                        config::ServiceProtocol protocol, const FileToRead& file,
                        const std::string& pointer);

// Asks a Tika for its version; Elastic's service knows no such route.
HttpRequest DetectRequest(const config::ExtractionServiceConfig& service);
config::ServiceProtocol DetectedProtocol(const HttpResponse& answer);

// An answer of success is one that may hold text. Others: kRejectedDocument when this file cannot
// be read and never will, kInternal when something went wrong with this file alone, kTemporary when
// the service is down or overloaded, kConfig when it is no such service.
Verdict JudgeServiceAnswer(const Result<HttpResponse>& answer);

// The text, cleaned and cut. kRejectedDocument for an answer of success that says why there is
// none. kTemporary for what is no answer of such a service. Uses up the body.
Result<ExtractedText> ReadServiceAnswer(config::ServiceProtocol protocol, HttpResponse& answer,
                                        const TextLimits& limits);

}  // namespace dbxes::content
