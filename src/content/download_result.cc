// SPDX-License-Identifier: Apache-2.0
#include "content/download_result.h"

#include <optional>

#include "base/json/json.h"
#include "base/json/json_in_place.h"

namespace dbxes::content {
namespace {

// The members that matter of the whole and of the objects in it; what is nested deeper does not.
class ResultHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ResultHandler> {
 public:
  struct Object {
    bool seen = false;
    std::optional<std::uint64_t> size;
    std::string_view rev;
    std::string_view content_hash;
    std::string_view export_hash;
  };
  Object whole;
  Object file_metadata;
  Object export_metadata;

  bool StartObject() {
    if (++depth_ == 1) {
      whole.seen = true;
    } else if (depth_ == 2) {
      inner_ = key_ == "file_metadata"     ? &file_metadata
               : key_ == "export_metadata" ? &export_metadata
                                           : &other_;
      inner_->seen = true;
    }
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return Leave(); }
  bool StartArray() {
    // A list is no object, whatever it is called.
    if (++depth_ == 2) inner_ = &other_;
    return true;
  }
  bool EndArray(rapidjson::SizeType) { return Leave(); }
  bool Key(const char* name, rapidjson::SizeType length, bool) {
    key_ = {name, length};
    return true;
  }
  bool Uint(unsigned value) { return Uint64(value); }
  bool Uint64(std::uint64_t value) {
    if (key_ == "size") Current().size = value;
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view value(text, length);
    if (key_ == "rev") Current().rev = value;
    if (key_ == "content_hash") Current().content_hash = value;
    if (key_ == "export_hash") Current().export_hash = value;
    return true;
  }

 private:
  Object& Current() { return depth_ == 1 ? whole : depth_ == 2 ? *inner_ : other_; }
  bool Leave() {
    --depth_;
    return true;
  }

  int depth_ = 0;
  std::string_view key_;
  Object other_;
  Object* inner_ = &other_;
};

}  // namespace

DownloadResult ReadDownloadResult(std::string_view header, bool exported) {
  DownloadResult result;
  std::string text(header);
  MendLoneSurrogates(text);
  ResultHandler handler;
  if (ParseInPlace(text, handler).IsError()) return result;
  const ResultHandler::Object& file = exported ? handler.file_metadata : handler.whole;
  const ResultHandler::Object& body = exported ? handler.export_metadata : handler.whole;
  if (!file.seen || !body.size) return result;
  result.known = true;
  result.size = *body.size;
  result.hash = exported ? body.export_hash : body.content_hash;
  result.rev = file.rev;
  result.content_hash = file.content_hash;
  return result;
}

}  // namespace dbxes::content
