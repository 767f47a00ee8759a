// SPDX-License-Identifier: Apache-2.0
// Reads the answers of Dropbox: status, sender and `.tag` to an error. What these mean is decided
// by the table in consequences.h. Pure.
#pragma once

#include "base/http/http.h"
#include "base/http/request_sender.h"
#include "base/json/json.h"

namespace dbxes::dropbox {

// Judges an answer of an RPC or download route (Dropbox HTTP API: error handling): 200 and 206 are
// done, everything else is an error for ClassifyRouteError to refine. Error::tag holds the joined
// tags ("path/not_found"), or kForeignTag where Dropbox did not write the answer.
Verdict JudgeApiAnswer(const Result<HttpResponse>& answer);

// Judges an answer of /oauth2/token, whose errors have a shape of their own (RFC 6749, 5.2).
Verdict JudgeTokenAnswer(const Result<HttpResponse>& answer);

// The joined tags of an error body: {"error":{".tag":"path","path":{".tag":"not_found"}}} is
// "path/not_found". Never built from error_summary, whose end is random.
std::string JoinedTags(const rapidjson::Value& error);

// The first words of a body that is not JSON, on one line and without markup: for messages.
std::string Excerpt(std::string_view body);

}  // namespace dbxes::dropbox
