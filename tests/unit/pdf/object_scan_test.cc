// SPDX-License-Identifier: Apache-2.0
#include "pdf/object_scan.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dbxes::pdf {
namespace {

std::vector<int> NumbersIn(const std::string& bytes) {
  std::vector<int> numbers;
  for (const FoundObject& object : ScanObjects(bytes)) numbers.push_back(object.number);
  return numbers;
}

}  // namespace

TEST_CASE("objects are found by their first words, wherever they stand") {
  const std::string bytes =
      "%PDF-1.4\n1 0 obj\n<</A 1>>\nendobj 2 0 obj<<>>endobj\r12 3  obj [(x)]\nendobj4 0 obj 7";
  const auto objects = ScanObjects(bytes);
  REQUIRE(objects.size() == 4);
  CHECK(objects[0].number == 1);
  CHECK(objects[0].at == bytes.find("1 0 obj"));
  CHECK(objects[0].value == "\n<</A 1>>\nendobj ");
  CHECK(objects[2].number == 12);
  CHECK(objects[2].generation == 3);
  CHECK(objects[3].number == 4);
  CHECK(objects[3].value == " 7");
}

TEST_CASE("what only looks like an object is none") {
  CHECK(NumbersIn("").empty());
  CHECK(NumbersIn("obj 1 obj x 0 obj endobj 10obj 0 0 obj").empty());
  CHECK(NumbersIn("99999999999 0 obj 5000000 0 obj 2147483648 0 obj").empty());
}

TEST_CASE("objects within a stream are no objects of the file if its length is right") {
  const std::string inner = "7 0 obj\n<<>>\nendobj\n";
  const std::string length = std::to_string(inner.size());
  const auto stream = [&](const std::string& said) {
    return "1 0 obj\n<</Length " + said + ">>stream\r\n" + inner +
           "\nendstream\nendobj\n2 0 obj\n<<>>\nendobj\n";
  };
  CHECK(NumbersIn(stream(length)) == std::vector<int>{1, 2});
  CHECK(NumbersIn(stream("3")) == std::vector<int>{1, 7, 2});
  CHECK(NumbersIn(stream("9 0 R")) == std::vector<int>{1, 7, 2});
  CHECK(NumbersIn(stream("99999")) == std::vector<int>{1, 7, 2});
  CHECK(ScanObjects(stream(length)).front().value == "\n<</Length " + length + ">>");
}

TEST_CASE("the kind of an object is its type") {
  CHECK(KindOf("<</Type/Catalog/Pages 2 0 R>>") == ObjectKind::kCatalog);
  CHECK(KindOf("<</Parent 2 0 R /Type\n/Page>>") == ObjectKind::kPage);
  CHECK(KindOf("<</Type/ObjStm/N 2>>") == ObjectKind::kObjectStream);
  CHECK(KindOf("<</Group<</Type/Group>>/Type/Page/X 1>>") == ObjectKind::kPage);
  CHECK(KindOf("<</Type/Pages/Kids[]>>") == ObjectKind::kOther);
  CHECK(KindOf("<</Type 5 0 R/TypeX/Page/Type") == ObjectKind::kOther);
  CHECK(KindOf("") == ObjectKind::kOther);
}

TEST_CASE("numbers end where the text does") {
  std::size_t at = 1;
  CHECK(ReadNumber("x42", at) == 42);
  CHECK(at == 3);
  CHECK(ReadNumber("x42", at) == -1);
}

}  // namespace dbxes::pdf
