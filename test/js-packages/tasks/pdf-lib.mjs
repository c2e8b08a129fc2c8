import { degrees, PDFDocument, rgb, StandardFonts } from 'pdf-lib';

export default async () => {
  const document = await PDFDocument.create();
  document.setTitle('Titel');
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([300, 200]);
  page.drawText('Grüße', { x: 20, y: 100, size: 24, font, color: rgb(1, 0, 0), rotate: degrees(5) });
  page.drawRectangle({ x: 5, y: 5, width: 50, height: 20 });
  document.getForm().createTextField('name').setText('Ada');
  const bytes = await document.save();
  const read = await PDFDocument.load(bytes, { updateMetadata: false });
  const copy = await PDFDocument.create();
  const [copied] = await copy.copyPages(read, [0]);
  copy.addPage(copied);
  return {
    title: read.getTitle(),
    pages: read.getPageCount(),
    size: read.getPage(0).getSize(),
    field: read.getForm().getTextField('name').getText(),
    width: font.widthOfTextAtSize('Grüße', 24).toFixed(3),
    head: String.fromCharCode(...bytes.slice(0, 8)),
    copied: copy.getPageCount(),
  };
};
