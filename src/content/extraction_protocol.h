// SPDX-License-Identifier: Apache-2.0
// The requests to a text extraction service and the meaning of its answers: Elastic's data
// extraction service (the one of its connectors, `PUT /extract_text/`) and an Apache Tika server
// (`PUT /tika/text`). No I/O.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/http/http.h"
#include "base/http/request_sender.h"
#include "base/result.h"
#include "config/config.h"
#include "content/extract_text.h"

namespace dbxes::content {

// One file on its way to the service.
struct FileToRead {
  std::shared_ptr<const std::string> bytes;
  std::string extension;  // lower case; a hint for formats that the bytes do not show
};

// `pointer`: the path of the file for the service, "" if the request contains the bytes.
HttpRequest ReadRequest(const config::ExtractionServiceConfig& service,
                        config::ServiceProtocol protocol, const FileToRead& file,
                        const std::string& pointer);

// Asks a Tika for its version; Elastic's service does not have this route.
HttpRequest DetectRequest(const config::ExtractionServiceConfig& service);
config::ServiceProtocol DetectedProtocol(const HttpResponse& answer);

// A 2xx is a success and may contain text. Other answers: kRejectedDocument if the service can
// never read this file, kInternal if something went wrong with this file alone, kTemporary if the
// service is down or overloaded, kConfig if the URL is not an extraction service.
Verdict JudgeServiceAnswer(const Result<HttpResponse>& answer);

// Returns the text, cleaned and cut. kRejectedDocument for an answer of success with a reason
// instead of text. kTemporary for an answer that does not come from such a service. Changes the
// body.
Result<ExtractedText> ReadServiceAnswer(config::ServiceProtocol protocol, HttpResponse& answer,
                                        const TextLimits& limits);

}  // namespace dbxes::content
