#include "arguments.h"

#include <cstring>

namespace snapvm::fuzz {
namespace {

struct Row {
  uint16_t number;
  const char* meanings;
};

// read, write, open, close and so on, by their numbers (native/linux/syscalls.cc).
constexpr Row kRows[] = {
    {0, "fbn"},     {1, "fbn"},    {2, "poi"},     {3, "f"},      {4, "pb"},      {5, "fb"},
    {6, "pb"},      {7, "vii"},    {8, "fni"},     {9, "mlrgfl"}, {10, "mlr"},    {11, "ml"},
    {12, "m"},      {13, "sabz"},  {14, "ibbz"},   {16, "f.b"},   {17, "fbnn"},   {18, "fbnn"},
    {19, "fvi"},    {20, "fvi"},   {21, "pi"},     {22, "b"},     {23, "ibbbw"},  {25, "mllim"},
    {28, "mli"},    {32, "f"},     {33, "ff"},     {35, "wb"},    {40, "ffbn"},   {61, "ibi"},
    {62, "ts"},     {63, "b"},     {72, "fin"},    {74, "f"},     {76, "pn"},     {77, "fn"},
    {79, "bn"},     {80, "p"},     {81, "f"},      {82, "pp"},    {83, "pi"},     {84, "p"},
    {85, "pi"},     {86, "pp"},    {87, "p"},      {88, "pp"},    {89, "pbn"},    {90, "pi"},
    {91, "fi"},     {95, "i"},     {96, "b"},      {97, "ib"},    {98, "ib"},     {99, "b"},
    {100, "b"},     {115, "ib"},   {118, "bbb"},   {127, "bz"},   {131, "kb"},    {137, "pb"},
    {138, "fb"},    {157, "ib"},   {160, "ib"},    {200, "ts"},   {201, "b"},     {202, "bi.wb."},
    {204, "inb"},   {217, "fbn"},  {228, "ib"},    {229, "ib"},   {230, "iiwb"},  {234, "tts"},
    {257, "dpoi"},  {258, "dpi"},  {260, "dpiii"}, {262, "dpbi"}, {263, "dpi"},   {264, "dpdp"},
    {265, "dpdpi"}, {266, "pdp"},  {267, "dpbn"},  {268, "dpi"},  {269, "dpi"},   {270, "ibbbwb"},
    {271, "viwbz"}, {280, "dpwi"}, {292, "ffo"},   {293, "bo"},   {295, "fvin"},  {296, "fvin"},
    {302, "iibb"},  {309, "bb"},   {316, "dpdpi"}, {318, "bni"},  {332, "dpiib"}, {439, "dpii"},
};

} // namespace

Meaning meaning_of(uint64_t number, unsigned index) {
  for (const Row& row : kRows) {
    if (row.number == number && index < std::strlen(row.meanings)) return Meaning{row.meanings[index]};
  }
  return Meaning::Any;
}

} // namespace snapvm::fuzz
