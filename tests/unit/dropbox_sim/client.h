// SPDX-License-Identifier: Apache-2.0
// A client of the simulator for the simulator's own tests: a fake clock, a token, calls by route,
// listings read to the end and applied to a path-keyed picture by the documented rules.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/simulator.h"

namespace dbxes::sim {

struct Answer {
  int status = 0;
  std::string text;
  Headers headers;
  rapidjson::Document json;
  TransportFault fault;
  std::uint64_t ticket = 0;

  // Tag path of an endpoint error: "path/not_found".
  std::string Error() const;
  std::string Get(const char* field) const;
};

// One line of a listing, e.g. "file /a.txt id:…" without the id.
struct Entry {
  std::string tag;
  std::string id;
  std::string path;
  std::string rev;
};

class Client {
 public:
  explicit Client(Options options = {});

  Answer Call(std::string_view route, std::string_view argument, Headers extra = {});
  Answer Post(std::string_view target, Headers headers, std::string body);
  Answer Download(std::string_view route, std::string_view argument, Headers extra = {});
  Answer Form(std::string_view body);

  // Reads from a cursor until has_more is false; moves the cursor.
  std::vector<Entry> Drain(std::string* cursor);
  // A whole recursive listing from the start.
  std::vector<Entry> List(std::string* cursor,
                          std::string_view argument = R"({"path":"","recursive":true})");
  // Entries in short: "file /a.txt", "deleted /b".
  static std::vector<std::string> Short(const std::vector<Entry>& entries);

  // Applies entries by "Dropbox HTTP API: delta semantics".
  void Apply(const std::vector<Entry>& entries);
  // True if the picture equals the tree; says on stderr where it does not.
  bool PictureIsRight() const;

  void Advance(std::int64_t ms) { now_ms_ += ms; }
  std::int64_t now_ms() const { return now_ms_; }
  Simulator& sim() { return sim_; }
  Tree& tree() { return sim_.tree(); }
  std::string token;

 private:
  std::int64_t now_ms_ = 1'780'000'000'000;
  Simulator sim_;
  std::map<std::string, Entry> picture_;
};

}  // namespace dbxes::sim
