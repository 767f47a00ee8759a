// SPDX-License-Identifier: Apache-2.0
#include "parsers/mime_header.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/transfer_encoding.h"

namespace dbxes::parsers {
namespace {

std::string SubjectOf(const std::string& value) {
  const std::string bytes = "Subject: " + value + "\n\nbody";
  std::string_view rest = bytes;
  const MimeHeader header = MimeHeader::Take(rest);
  CHECK(rest == "body");
  return header.Text("subject");
}

}  // namespace

TEST_CASE("a header ends at an empty line, and its lines may be folded") {
  std::string_view bytes =
      "From a@b Mon Jan 1 10:00:00\r\nTO : x\r\nSubject: a\r\n b\r\n\tc\r\n\r\nbody\r\n";
  const MimeHeader header = MimeHeader::Take(bytes);
  CHECK(header.Find("to") == "x");
  CHECK(header.Find("subject") == "a b\tc");
  CHECK(header.Find("cc").empty());
  CHECK(bytes == "body\r\n");
  bytes = "Subject: a\nno field: \nbody";
  CHECK(MimeHeader::Take(bytes).Find("subject") == "a");
  CHECK(bytes == "no field: \nbody");
  bytes = "";
  CHECK(MimeHeader::Take(bytes).empty());
}

TEST_CASE("encoded words become characters") {
  CHECK(SubjectOf("=?iso-8859-1?Q?R=E9union_du_soir?=") == "R\u00e9union du soir");
  CHECK(SubjectOf("=?UTF-8?B?w4AgZGVtYWlu?= (x)") == "\u00c0 demain (x)");
  CHECK(SubjectOf("Re: =?utf-8?q?=C3=A9?= b") == "Re: \u00e9 b");
  // White space between two is left out, and a character may be divided among them.
  CHECK(SubjectOf("=?utf-8?q?=E2=82?=\n =?utf-8?q?=AC?= x") == "\u20ac x");
  CHECK(SubjectOf("=?utf-8?q?a?= =?iso-8859-2?q?=B3?=") == "a\u0142");
  CHECK(SubjectOf("=?iso-8859-1*fr?q?=E9?=") == "\u00e9");
  CHECK(SubjectOf("=?ISO-2022-JP?B?GyRCOGNHWhsoQg==?=") == "\u543e\u8f29");
  CHECK(SubjectOf("=?windows-1251?b?zOjw?=") == "\u041c\u0438\u0440");
  // What is none stays.
  CHECK(SubjectOf("=?x =?utf-8?z?a?= =?utf-8?q?a") == "=?x =?utf-8?z?a?= =?utf-8?q?a");
  CHECK(SubjectOf("raw \xe9t\xe9") == "raw \u00e9t\u00e9");
}

TEST_CASE("parameters are found in every way of writing them") {
  CHECK(ValueOf("Text/HTML ; charset=x") == "text/html");
  CHECK(ParameterOf("text/plain; charset=\"utf-8\"; name=a.txt", "charset") == "utf-8");
  CHECK(ParameterOf("text/plain; charset=utf-8 ;NAME = \"a;\\\"b\" ", "name") == "a;\"b");
  CHECK(ParameterOf("x; filename*=UTF-8''%e2%82%ac%20rates.txt", "filename") == "\u20ac rates.txt");
  CHECK(ParameterOf("x; filename*=iso-8859-1'fr'%e9.txt; filename=e.txt", "filename") ==
        "\u00e9.txt");
  CHECK(ParameterOf("x; filename*0=\"a long \"; filename*1=name", "filename") == "a long name");
  CHECK(ParameterOf("x; f*0*=utf-8''%c3; f*1*=%a9; f*2=.rtf", "f") == "\u00e9.rtf");
  CHECK(ParameterOf("x; name=\"=?utf-8?q?=C3=A9?=.doc\"", "name") == "\u00e9.doc");
  CHECK(ParameterOf("x; flag; name=", "name").empty());
  CHECK(ParameterOf("x", "name").empty());
}

TEST_CASE("transfer encodings are read leniently") {
  CHECK(DecodeTransfer("w4Ag\r\nZGVt!YWlu", "base64") == "\u00c0 demain");
  CHECK(DecodeTransfer("YQ==YmM=", "base64") == "abc");
  CHECK(DecodeTransfer("a=3D=20b=\r\nc= \nd=zz=", "quoted-printable") == "a= bcd=zz");
  CHECK(DecodeTransfer("a=3D", "8bit") == "a=3D");
  CHECK(DecodePercent("%41%4%zz") == "A%4%zz");
}

}  // namespace dbxes::parsers
