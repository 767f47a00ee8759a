// SPDX-License-Identifier: Apache-2.0
// What the files with the routes of the Dropbox HTTP API share: building arguments, and turning
// answers into values.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/http/backoff.h"
#include "base/http/event_loop.h"
#include "base/json/json.h"

namespace dbxes::dropbox {

// {"key":"value"}
inline std::string JsonArgument(std::string_view key, std::string_view value) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, key);
  WriteString(writer, value);
  writer.EndObject();
  return std::string(View(buffer));
}

// A pending value made from another one, with errors mapped.
template <class T>
Pending<T> Map(const Pending<HttpResponse>& pending,
               std::function<Result<T>(Result<HttpResponse>)> convert) {
  Pending<T> mapped;
  pending.Then([mapped, convert = std::move(convert)](Result<HttpResponse> answer) {
    mapped.Fulfil(convert(std::move(answer)));
  });
  return mapped;
}

// An answer behind a good status that `parse` refuses as kTemporary is asked for again.
template <class T>
SendOptions AcceptIf(Result<T> (*parse)(const HttpResponse&), int max_retries = -1) {
  SendOptions options;
  options.max_retries = max_retries;
  options.accept = [parse](HttpResponse& response) -> Result<void> {
    TRY(parse(response));
    return {};
  };
  return options;
}

}  // namespace dbxes::dropbox
