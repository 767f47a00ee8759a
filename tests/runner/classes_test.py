# SPDX-License-Identifier: Apache-2.0
"""Holds classes and functions to the sizes of CONTRIBUTING.md: one source, 12 members, 6 arguments."""

import collections
import unittest

import cpp_classes
from house_rules_test import ROOT, tracked

MAX_MEMBERS = 12
MAX_ARGUMENTS = 6

# Functions whose signature a library dictates.
CALLBACKS = {"src/parsers/xml_reader.cc: OnEntity"}  # XML_EntityDeclHandler of expat


class Classes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = {}  # (room, class name): cpp_classes.Class; two rooms may use one name
        cls.sources = collections.defaultdict(set)
        cls.long_signatures = {}  # "file: function": number of arguments
        for path in tracked():
            name = path.relative_to(ROOT)
            if path.suffix not in {".cc", ".h"} or name.parts[0] not in {"src", "tests"}:
                continue
            text = path.read_text()
            room = "/".join(name.parts[:2])
            cls.long_signatures |= {f"{name}: {function}": count for function, count in cpp_classes.function_arguments(text)
                                    if count > MAX_ARGUMENTS}
            local = set()
            for found in cpp_classes.classes(text):
                cls.found[f"{name.parent}/{found.name}" if path.suffix == ".h" else f"{name}/{found.name}"] = found
                local.add(found.name)
            if path.suffix == ".cc":
                for owner in cpp_classes.classes_with_methods(text) - local:
                    cls.sources[f"{room}/{owner}"].add(name.name)

    def too_large(self, measure, limit):
        return {name: measure(found) for name, found in self.found.items() if measure(found) > limit}

    def test_a_class_has_one_source(self):
        several = {name: sorted(files) for name, files in self.sources.items() if len(files) > 1}
        self.assertEqual(several, {})

    def test_a_class_has_few_members(self):
        self.assertEqual(self.too_large(lambda found: len(found.members), MAX_MEMBERS), {})

    def test_a_constructor_has_few_arguments(self):
        self.assertEqual(self.too_large(lambda found: found.arguments, MAX_ARGUMENTS), {})

    def test_a_function_has_few_arguments(self):
        self.assertEqual({name: count for name, count in self.long_signatures.items() if name not in CALLBACKS}, {})


class Reader(unittest.TestCase):
    """What the reader of C++ has to understand."""

    TEXT = """
// class Comment { int a_; };
class Forward;
enum class Kind { kOne };
class Owner final : public Base<int, char> {
 public:
  Owner(int a, std::map<std::string, int> b, Callback c = [](int, int) {}) : a_(a), b_{b} { Run(a_, 1); }
  explicit Owner(std::pair<int, int> one);
  int value() const { return a_; }
  virtual void Run(int x_) = 0;
  static int shared_;

 private:
  struct Part {
    int inner_ = 0;
  };
  using Callback = std::function<void(int, int)>;
  int a_ = 0;
  std::map<std::string, std::vector<int>> b_;  // "quoted ; text"
  std::function<void(int, std::string)> on_change_;
  const char* names_[2] = {"a", "b"};
  std::vector<Part> parts_{1, 2};
};
"""

    def test_finds_members_and_arguments(self):
        owner, = cpp_classes.classes(self.TEXT)
        self.assertEqual((owner.name, owner.line), ("Owner", 5))
        self.assertEqual(owner.members, ["a_", "b_", "on_change_", "names_", "parts_"])
        self.assertEqual(owner.arguments, 3)

    def test_counts_the_arguments_of_functions(self):
        text = ("Result<void> One(std::map<int, int> a, const X& b,\n                 Callback c = [](int, int) {});\n"
                "void None();\nint* Two(int a, int b) { return Three(1, 2, 3); }\nvoid A::Four(int, int, int, int) {\n"
                "  TRY(Five(1, 2, 3, 4, 5)); auto x = Six(1, 2, 3, 4, 5, 6); else Seven(1, 2);\n}\n")
        self.assertEqual(cpp_classes.function_arguments(text), [("One", 3), ("None", 0), ("Two", 2), ("A::Four", 4)])

    def test_finds_the_classes_whose_methods_a_source_has(self):
        text = ("namespace a {\n\nOwner::Owner(int a) : a_(a) {}\n\nResult<void> Other::Run(const X& x) {\n"
                "  return Third::Call(1);\n}\n\nstd::map<std::string, int>\nFourth::Find() const {}\n"
                "const auto x = Fifth::Make(1);\nelastic::Client& Sixth::client() { return c_; }\n")
        self.assertEqual(cpp_classes.classes_with_methods(text), {"Owner", "Other", "Fourth", "Sixth"})


if __name__ == "__main__":
    unittest.main()
