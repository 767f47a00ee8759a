// SPDX-License-Identifier: Apache-2.0
// What the files with the routes of the Dropbox HTTP API share: arguments, and answers to values.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json/json.h"
#include "dropbox/client.h"

namespace dbxes::dropbox {

// {"key":"value"}
std::string JsonArgument(std::string_view key, std::string_view value);
// {"key":"value","limit":N}
std::string JsonArgument(std::string_view key, std::string_view value, int limit);

struct CallOptions {
  Client::Headers headers = Client::Headers::kUser;
  int max_retries = -1;  // as SendOptions::max_retries
  // The message of an error begins with it: "listing received files"; "" for nothing.
  std::string doing = {};
  bool own_connection = false;  // as HttpRequest::own_connection
};

// The value that `parse` makes of an answer. An answer that `parse` refuses as kTemporary is
// requested again.
template <class T>
Pending<T> Call(Client& client, std::string_view route, std::string argument,
                Result<T> (*parse)(const HttpResponse&), CallOptions options = {}) {
  const auto parsed = std::make_shared<std::optional<T>>();
  SendOptions send;
  send.max_retries = options.max_retries;
  send.accept = [parse, parsed](HttpResponse& response) -> Result<void> {
    TRY_ASSIGN(*parsed, parse(response));
    return {};
  };
  if (options.own_connection) {
    send.prepare = [](HttpRequest& request) { request.own_connection = true; };
  }
  const Pending<T> value;
  client.Rpc(route, std::move(argument), options.headers, std::move(send))
      .Then([value, parsed, doing = std::move(options.doing)](Result<HttpResponse> answer) {
        if (answer) return value.Fulfil(std::move(**parsed));
        Error& error = answer.error();
        value.Fulfil(Fail(doing.empty() ? std::move(error) : WithContext(std::move(error), doing)));
      });
  return value;
}

// `pending` with its error changed by `explain`.
template <class T>
Pending<T> Explained(const Pending<T>& pending, std::function<Error(Error)> explain) {
  const Pending<T> explained;
  pending.Then([explained, explain = std::move(explain)](Result<T> value) {
    if (!value) return explained.Fulfil(Fail(explain(std::move(value.error()))));
    explained.Fulfil(std::move(value));
  });
  return explained;
}

}  // namespace dbxes::dropbox
