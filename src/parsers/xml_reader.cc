// SPDX-License-Identifier: Apache-2.0
#include "parsers/xml_reader.h"

#include <expat.h>

#include <algorithm>

namespace dbxes::parsers {
namespace {

constexpr char kSeparator = ' ';    // between namespace and name; neither contains it
constexpr int kMostDepth = 10'000;  // real documents are less deep
constexpr std::size_t kPiece = 1 << 16;

struct Name {
  bool qualified;
  std::string_view local;
};

Name Split(std::string_view name) {
  const std::size_t separator = name.rfind(kSeparator);
  if (separator == std::string_view::npos) return {false, name};
  return {true, name.substr(separator + 1)};
}

}  // namespace

std::string_view XmlAttributes::Find(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (Split(pair[0]).local == name) return pair[1];
  }
  return "";
}

std::string_view XmlAttributes::FindQualified(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    const Name found = Split(pair[0]);
    if (found.qualified && found.local == name) return pair[1];
  }
  return "";
}

struct XmlReader::Impl {
  explicit Impl(XmlHandler& wanted) : handler(wanted) {}
  ~Impl() { XML_ParserFree(parser); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void Stop(State why) {
    if (state == State::kReading) state = why;
    XML_StopParser(parser, XML_FALSE);
  }
  void AfterEvent() {
    if (handler.Done()) Stop(State::kDone);
  }

  static void XMLCALL OnStart(void* user, const XML_Char* name, const XML_Char** attributes) {
    auto* self = static_cast<Impl*>(user);
    if (++self->depth > kMostDepth) return self->Stop(State::kDamaged);
    self->handler.Start(Split(name).local, XmlAttributes(attributes));
    self->AfterEvent();
  }
  static void XMLCALL OnEnd(void* user, const XML_Char* name) {
    auto* self = static_cast<Impl*>(user);
    --self->depth;
    self->handler.End(Split(name).local);
    self->AfterEvent();
  }
  static void XMLCALL OnText(void* user, const XML_Char* text, int length) {
    auto* self = static_cast<Impl*>(user);
    self->handler.Text({text, static_cast<std::size_t>(length)});
    self->AfterEvent();
  }
  static void XMLCALL OnEntity(void* user, const XML_Char*, int, const XML_Char*, int,
                               const XML_Char*, const XML_Char*, const XML_Char*, const XML_Char*) {
    static_cast<Impl*>(user)->Stop(State::kDamaged);
  }

  XmlHandler& handler;
  XML_Parser parser = XML_ParserCreateNS(nullptr, kSeparator);
  State state = State::kReading;
  int depth = 0;
};

XmlReader::XmlReader(XmlHandler& handler) : impl_(std::make_unique<Impl>(handler)) {
  if (impl_->parser == nullptr) {
    impl_->state = State::kDamaged;
    return;
  }
  XML_SetUserData(impl_->parser, impl_.get());
  XML_SetElementHandler(impl_->parser, Impl::OnStart, Impl::OnEnd);
  XML_SetCharacterDataHandler(impl_->parser, Impl::OnText);
  XML_SetEntityDeclHandler(impl_->parser, Impl::OnEntity);
}

XmlReader::~XmlReader() = default;

XmlReader::State XmlReader::Feed(std::string_view bytes) {
  while (impl_->state == State::kReading && !bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPiece);
    bytes.remove_prefix(piece.size());
    const auto status = XML_Parse(impl_->parser, piece.data(), static_cast<int>(piece.size()), 0);
    if (status != XML_STATUS_OK) impl_->Stop(State::kDamaged);
  }
  return impl_->state;
}

XmlReader::State XmlReader::Finish() {
  if (impl_->state != State::kReading) return impl_->state;
  const bool whole = XML_Parse(impl_->parser, "", 0, 1) == XML_STATUS_OK;
  if (impl_->state == State::kReading) impl_->state = whole ? State::kDone : State::kDamaged;
  return impl_->state;
}

}  // namespace dbxes::parsers
