// SPDX-License-Identifier: Apache-2.0
// Variations that Dropbox allows itself in answers, each switchable. They are harmless to a client
// that follows the rules: only the form of an answer changes, never what it means.
#pragma once

namespace dbxes::sim {

struct Style {
  bool random_dots = false;     // error_summary ends in 0 to 3 dots, else in none
  bool extra_fields = false;    // unknown fields in structs
  bool unknown_tags = false;    // unknown members of open unions (match_type, access_type)
  bool null_optionals = false;  // null instead of absent
  bool write_defaults =
      false;  // is_downloadable, is_inherited and the like although they are the default
  bool ascii_escape = false;        // \uXXXX instead of raw UTF-8
  bool lower_case_headers = false;  // as HTTP/2 delivers them
  bool page_size_jitter = false;    // pages smaller and larger than the limit, single entries
  bool empty_pages = false;     // some pages without entries and has_more true; an empty last page
  bool repeat_entries = false;  // an entry twice in a row, the last one of a page again on the next
  bool shuffle_listing = false;  // initial listings in arbitrary order, children before parents
  bool compact_delta = false;    // leaves out entries that a later one of the same page replaces
  bool display_case = false;     // parents in path_display with random case
  bool long_cursors = false;     // several KiB
  bool long_tokens = false;      // 1,500 characters
  bool chunked = false;          // some answers without Content-Length
  bool json_charset = false;     // application/json; charset=utf-8
  // Most JSON answers are compressed if the request accepts that. Not part of Nasty(): in process
  // only a transport that decompresses may accept it.
  bool gzip = false;

  static Style Plain() { return {}; }
  // What Dropbox does on a good day.
  static Style Mild();
  // Everything at once.
  static Style Nasty();
};

}  // namespace dbxes::sim
