// SPDX-License-Identifier: Apache-2.0
// Reads XML as a stream of events (expat). Names have no namespace: within one part of a document
// they are unambiguous. Documents that declare entities are refused, so that none can grow by them.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace dbxes::parsers {

class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // The value of the first attribute with this local name, "" if there is none.
  std::string_view Find(std::string_view name) const;
  // The same, but only attributes in a namespace: finds "r:id" and not "id".
  std::string_view FindQualified(std::string_view name) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void Start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void End(std::string_view name) = 0;
  virtual void Text(std::string_view text) = 0;
  // True when the handler needs no more events; the rest is not read.
  virtual bool Done() const { return false; }
};

class XmlReader {
 public:
  explicit XmlReader(XmlHandler& handler);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  enum class State { kReading, kDone, kDamaged };
  // The next piece of the document, of any size.
  State Feed(std::string_view bytes);
  // After the last piece: kDone, or kDamaged when the document is incomplete.
  State Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dbxes::parsers
