// SPDX-License-Identifier: Apache-2.0
// What an answer of Dropbox means on every route: HTTP status and `.tag` to an error kind. What a
// single route adds to that is in route_error.h. Pure.
#pragma once

#include "base/http/http.h"
#include "base/http/request_sender.h"
#include "base/json/json.h"

namespace dbxes::dropbox {

// Judges an answer of an RPC or download route (Dropbox HTTP API: error handling):
//   200, 206  done
//   400       kInternal: the request was wrong
//   401       kAuth, after one new access token; kPermission for a missing scope
//   403       kPermission
//   409       kInternal, for ClassifyRouteError to refine; kTemporary for errors that pass
//   422       kRootChanged: the root of the path-root header is not the account's any more
//   429       kRateLimited, and all requests wait; 5xx and no answer: kTemporary
// Error::tag holds the joined tags ("path/not_found").
Verdict JudgeApiAnswer(const Result<HttpResponse>& answer);

// Judges an answer of /oauth2/token, whose errors have a shape of their own (RFC 6749, 5.2).
Verdict JudgeTokenAnswer(const Result<HttpResponse>& answer);

// The joined tags of an error body: {"error":{".tag":"path","path":{".tag":"not_found"}}} is
// "path/not_found". Never built from error_summary, whose end is random.
std::string JoinedTags(const rapidjson::Value& error);

// The first words of a body that is not JSON, on one line and without markup: for messages.
std::string Excerpt(std::string_view body);

}  // namespace dbxes::dropbox
