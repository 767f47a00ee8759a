// SPDX-License-Identifier: Apache-2.0
// Makes a PDF readable whose table of objects or tree of pages is lost, as that of a file that was
// not uploaded to its end: poppler needs both, and finds no object that is within another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "pdf/object_scan.h"

namespace dbxes::pdf {

enum class PageTree : std::uint8_t { kOfFile, kNew };

class Salvage {
 public:
  explicit Salvage(std::string_view bytes);

  bool has_objects() const { return !objects_.empty(); }

  // The file from its header on, followed by a new table of its objects, and with `kNew` by a tree
  // of all of its pages.
  std::string File(PageTree tree) const;

 private:
  // An object is at a place of the file, or the one with this index in a stream of objects.
  struct Place {
    std::size_t at = 0;  // of that stream
    int stream = 0;
    int index = 0;  // without a stream: its generation
    ObjectKind kind = ObjectKind::kOther;
    int pages = 0;  // of a catalog: the number of its tree
  };
  using Objects = std::map<int, Place>;

  void ReadObjectStreams(const Objects& outer);
  void ReadObjectStream(int number, std::size_t at, std::string_view text);
  // The catalog that the file names last; 0 for none.
  int Catalog() const;
  std::string NewPages(int number) const;
  static std::string Table(const Objects& objects, int root, std::size_t at, std::string_view rest);

  std::string_view bytes_;
  std::string protection_;  // the members of the trailer that are needed to decrypt it
  Objects objects_;
};

}  // namespace dbxes::pdf
