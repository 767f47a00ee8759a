// SPDX-License-Identifier: Apache-2.0
#include "content/extraction_protocol.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace dbxes::content {
namespace {

config::ExtractionServiceConfig Service() {
  config::ExtractionServiceConfig service;
  service.host = "http://service:8090/base";
  return service;
}

FileToRead File(std::string extension) {
  return {std::make_shared<const std::string>("bytes"), std::move(extension)};
}

bool HasHeader(const HttpRequest& request, const std::string& line) {
  return std::count(request.headers.begin(), request.headers.end(), line) == 1;
}

HttpResponse Answer(int status, std::string body) {
  HttpResponse answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

Result<ExtractedText> Read(config::ServiceProtocol protocol, std::string body,
                           TextLimits limits = {}) {
  HttpResponse answer = Answer(200, std::move(body));
  return ReadServiceAnswer(protocol, answer, limits);
}

}  // namespace

TEST_CASE("what is asked of the service goes through its proxy") {
  config::ExtractionServiceConfig service = Service();
  service.proxy.url = "http://proxy.test:3128";
  CHECK(DetectRequest(service).transport.proxy == service.proxy.url);
  for (const config::ServiceProtocol protocol :
       {config::ServiceProtocol::kElastic, config::ServiceProtocol::kTika}) {
    CHECK(ReadRequest(service, protocol, File("docx"), "").transport.proxy == service.proxy.url);
  }
}

TEST_CASE("Elastic's service gets the bytes, or where they are") {
  HttpRequest request = ReadRequest(Service(), config::ServiceProtocol::kElastic, File("docx"), "");
  CHECK(request.method == "PUT");
  CHECK(request.url == "http://service:8090/base/extract_text/");
  CHECK(*request.body == "bytes");
  CHECK(HasHeader(request, "Accept: application/json"));
  CHECK(HasHeader(request, "Content-Type: application/octet-stream"));
  CHECK(request.headers.size() == 2);
  CHECK(request.timeouts.total == Milliseconds(30'000));
  // Silence is the rule while a file is read.
  CHECK(request.timeouts.stall == Milliseconds(0));

  request =
      ReadRequest(Service(), config::ServiceProtocol::kElastic, File("docx"), "/app/my files/a-1");
  CHECK(request.url ==
        "http://service:8090/base/extract_text/?local_file_path=/app/my%20files/a-1");
  CHECK(request.body->empty());
}

TEST_CASE("a Tika gets a name as a hint, as far as it is harmless in a header") {
  const HttpRequest request =
      ReadRequest(Service(), config::ServiceProtocol::kTika, File("docx"), "");
  CHECK(request.method == "PUT");
  CHECK(request.url == "http://service:8090/base/tika/text");
  CHECK(HasHeader(request, "Accept: application/json"));
  CHECK(HasHeader(request, "Content-Disposition: attachment; filename=\"file.docx\""));
  for (const char* extension : {"", "a\"b", "a\r\nb", "\xc3\xa9"}) {
    CHECK(ReadRequest(Service(), config::ServiceProtocol::kTika, File(extension), "")
              .headers.size() == 2);
  }
}

TEST_CASE("a service is a Tika when it says so, else Elastic's") {
  CHECK(DetectedProtocol(Answer(200, "Apache Tika 3.3.2")) == config::ServiceProtocol::kTika);
  CHECK(DetectedProtocol(Answer(404, "Tika has no such route")) ==
        config::ServiceProtocol::kElastic);
  CHECK(DetectedProtocol(Answer(200, "Running!")) == config::ServiceProtocol::kElastic);
}

TEST_CASE("what a status of a service means for the file and for the others") {
  const auto judge = [](int status) { return JudgeServiceAnswer(Answer(status, "")); };
  CHECK(judge(200).kind == Verdict::kDone);
  CHECK(judge(204).kind == Verdict::kDone);
  for (const int status : {413, 415, 422}) {
    CAPTURE(status);
    CHECK(judge(status).kind == Verdict::kFail);
    CHECK(judge(status).error.kind == ErrorKind::kRejectedDocument);
  }
  for (const int status : {301, 401, 403, 404, 405, 501}) {
    CAPTURE(status);
    CHECK(judge(status).kind == Verdict::kFail);
    CHECK(judge(status).error.kind == ErrorKind::kConfig);
    CHECK(judge(status).error.message.find("extraction_service.host") != std::string::npos);
  }
  for (const int status : {400, 500}) {
    CAPTURE(status);
    CHECK(judge(status).kind == Verdict::kRetry);
    CHECK(judge(status).error.kind == ErrorKind::kInternal);
    CHECK(judge(status).max_retries == 1);
  }
  for (const int status : {408, 421, 425, 429, 502, 503, 504}) {
    CAPTURE(status);
    CHECK(judge(status).kind == Verdict::kRetry);
    CHECK(judge(status).error.kind == ErrorKind::kTemporary);
    CHECK_FALSE(judge(status).max_retries.has_value());
  }
}

TEST_CASE("a service that does not answer is asked again, less often when it is slow") {
  Error error{ErrorKind::kTemporary, "connection refused"};
  Verdict verdict = JudgeServiceAnswer(Fail(error));
  CHECK(verdict.kind == Verdict::kRetry);
  CHECK_FALSE(verdict.max_retries.has_value());
  error.tag = kTimeoutTag;
  CHECK(JudgeServiceAnswer(Fail(error)).max_retries == 1);
  // Too long an answer is as long the next time.
  CHECK(JudgeServiceAnswer(Fail(ErrorKind::kInternal, "too long")).kind == Verdict::kFail);
}

TEST_CASE("the reason of a refusal is one line") {
  const auto message = [](const std::string& body) {
    return JudgeServiceAnswer(Answer(422, body)).error.message;
  };
  CHECK(
      message(R"({"error":"Unprocessable Entity","message":"File may be corrupt.\n\tat a.b.C"})") ==
      "the extraction service cannot read it: HTTP 422, Unprocessable Entity: File may be "
      "corrupt.");
  CHECK(message("") == "the extraction service cannot read it: HTTP 422");
  CHECK(message("<html>") == "the extraction service cannot read it: HTTP 422");
}

TEST_CASE("the text of an answer of Elastic's service") {
  const auto text = Read(config::ServiceProtocol::kElastic,
                         R"({"_meta":{"extracted_text":"no","X-ELASTIC:TIKA:parsed_by":["p"]},)"
                         R"("extracted_text":"\n\n A\u0000 caf\u00e9\r\nB \n"})");
  REQUIRE_MESSAGE(text, text.error().message);
  CHECK(text->text == "A caf\u00e9\nB");
  CHECK(text->title.empty());
  CHECK_FALSE(text->truncated);
  const auto none = Read(config::ServiceProtocol::kElastic, R"({"extracted_text":""})");
  REQUIRE(none);
  CHECK(none->text.empty());
}

TEST_CASE("the text of an answer of a Tika, with what it knows beside it") {
  const auto text = Read(
      config::ServiceProtocol::kTika,
      R"({"dc:title":["The  title","Another"],"dc:creator":["Ann","Bob"],"n":1,)"
      R"("list":[{"X-TIKA:content":"no"},["dc"]],"X-TIKA:content":"\n\nthe text\n","o":{"a":null}})");
  REQUIRE_MESSAGE(text, text.error().message);
  CHECK(text->text == "the text");
  CHECK(text->title == "The title");
  CHECK(text->author == "Ann; Bob");
  const auto none = Read(config::ServiceProtocol::kTika, R"({"Content-Type":"image/png"})");
  REQUIRE(none);
  CHECK(none->text.empty());
  HttpResponse empty = Answer(204, "");
  CHECK(ReadServiceAnswer(config::ServiceProtocol::kTika, empty, {}).has_value());
}

TEST_CASE("text is cut and cleaned as the settings say, and valid UTF-8") {
  const auto text =
      Read(config::ServiceProtocol::kElastic, R"({"extracted_text":"a  b  c"})", {3, true});
  REQUIRE(text);
  CHECK(text->text == "a b");
  CHECK(text->truncated);
  const auto repaired =
      Read(config::ServiceProtocol::kElastic, "{\"extracted_text\":\"a\xff \\ud800\"}");
  REQUIRE(repaired);
  CHECK(repaired->text == "a\xef\xbf\xbd \xef\xbf\xbd");
}

TEST_CASE("an answer of success may be a refusal, or none of such a service") {
  const auto kind = [](config::ServiceProtocol protocol, const std::string& body) {
    const auto text = Read(protocol, body);
    return text ? ErrorKind::kLocked : text.error().kind;
  };
  CHECK(kind(config::ServiceProtocol::kElastic,
             R"({"error":"Content Extraction Error","message":"m"})") ==
        ErrorKind::kRejectedDocument);
  CHECK(kind(config::ServiceProtocol::kTika,
             R"({"X-TIKA:EXCEPTION:runtime":"java.lang.X\n\tat y"})") ==
        ErrorKind::kRejectedDocument);
  // Some of the text is better than none.
  CHECK(kind(config::ServiceProtocol::kTika,
             R"({"X-TIKA:EXCEPTION:warn":"w","X-TIKA:content":"some"})") == ErrorKind::kLocked);
  for (const char* body : {"", "<html>", "[]", "\"text\"", R"({"extracted_text":"cut)"}) {
    CAPTURE(body);
    CHECK(kind(config::ServiceProtocol::kElastic, body) == ErrorKind::kTemporary);
    CHECK(kind(config::ServiceProtocol::kTika, body) == ErrorKind::kTemporary);
  }
  CHECK(kind(config::ServiceProtocol::kElastic, "{}") == ErrorKind::kTemporary);
}

}  // namespace dbxes::content
