// SPDX-License-Identifier: Apache-2.0
// What an answer of Dropbox means: HTTP status and `.tag` to an error kind. Pure.
#pragma once

#include "base/http/backoff.h"
#include "base/http/http.h"
#include "base/json/json.h"

namespace dbxes::dropbox {

// Judges an answer of an RPC or download route (Dropbox HTTP API: error handling). 409 and 422 come
// back as kFail with Error::tag holding the joined tags ("path/not_found"); what they mean depends
// on the route, so the client decides.
Verdict JudgeApiAnswer(const Result<HttpResponse>& answer);

// Judges an answer of /oauth2/token, whose errors have a shape of their own (RFC 6749, 5.2).
Verdict JudgeTokenAnswer(const Result<HttpResponse>& answer);

// The joined tags of an error body: {"error":{".tag":"path","path":{".tag":"not_found"}}} is
// "path/not_found". Never built from error_summary, whose end is random.
std::string JoinedTags(const rapidjson::Value& error);

// First words of a body that is no JSON, on one line and without markup: for messages.
std::string Excerpt(std::string_view body);

}  // namespace dbxes::dropbox
