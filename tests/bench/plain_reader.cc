// SPDX-License-Identifier: Apache-2.0
#include "plain_reader.h"

// Under another name: one program must not hold two versions of the same templates.
#undef RAPIDJSON_SSE2
#define RAPIDJSON_NAMESPACE plain_rapidjson
#include <rapidjson/reader.h>

namespace dbxes {
namespace {

struct Ignore : plain_rapidjson::BaseReaderHandler<plain_rapidjson::UTF8<>, Ignore> {};

}  // namespace

bool ReadPlainly(const char* json) {
  Ignore handler;
  plain_rapidjson::Reader reader;
  plain_rapidjson::StringStream stream(json);
  return !reader.Parse(stream, handler).IsError();
}

}  // namespace dbxes
