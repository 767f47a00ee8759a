// SPDX-License-Identifier: Apache-2.0
#include "support/fake_extraction.h"

#include "base/json/json.h"

namespace dbxes {
namespace {

std::string Capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string Answer(std::string_view key, std::string_view text) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("_meta");
  writer.StartObject();
  writer.Key("extracted_text");
  writer.String("not this one");
  writer.EndObject();
  WriteKey(writer, key);
  WriteString(writer, text);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace

FakeAnswer FakeExtraction::operator()(const FakeRequest& request) {
  if (refusals > 0) {
    --refusals;
    return FakeAnswer::Broken(FakeAnswer::Transport::kRefused);
  }
  if (request.method == "GET") {
    FakeAnswer answer = FakeAnswer::Json(is_tika ? 200 : 404, is_tika ? "Apache Tika 3.3.2" : "");
    return request.target == "/version" ? answer : FakeAnswer::Json(404, "");
  }
  requests.push_back(request);
  const std::string route = is_tika ? "/tika/text" : "/extract_text/";
  const bool known =
      request.method == "PUT" && request.target.substr(0, request.target.find('?')) == route;
  if (!known) {
    violations.push_back(request.method + " " + request.target);
    return FakeAnswer::Json(404, "");
  }
  if (request.Header("accept") != "application/json") violations.push_back("no JSON is asked for");
  if (request.Header("content-type") != "application/octet-stream") {
    violations.push_back("the content type is not that of a file");
  }
  return Read(request);
}

FakeAnswer FakeExtraction::Read(const FakeRequest& request) {
  constexpr std::string_view kPointer = "?local_file_path=";
  std::string file = request.body;
  const std::size_t pointer = request.target.find(kPointer);
  if (pointer != std::string::npos) {
    if (!request.body.empty()) violations.push_back("both a pointer and a body");
    const auto content = files_.ReadFile(request.target.substr(pointer + kPointer.size()));
    if (!content) return FakeAnswer::Json(500, R"({"error":"Unexpected Extraction Failure"})");
    file = *content;
  }
  if (intercept) {
    if (auto answer = intercept(file)) return *answer;
  }
  return FakeAnswer::Json(
      200, Answer(is_tika ? "X-TIKA:content" : "extracted_text", "\n\n " + Capitals(file) + "\n"));
}

}  // namespace dbxes
