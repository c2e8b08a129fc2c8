import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import JSZip from 'jszip';

export default async () => {
  const cell = (text) => new TableCell({ children: [new Paragraph(text)] });
  const document = new Document({
    sections: [
      {
        children: [
          new Paragraph({ text: 'Überschrift', heading: HeadingLevel.HEADING_1 }),
          new Paragraph({ children: [new TextRun({ text: 'fett', bold: true }), new TextRun(' & normal')] }),
          new Table({ rows: [new TableRow({ children: [cell('a'), cell('b')] })] }),
        ],
      },
    ],
  });
  const zip = await JSZip.loadAsync(await Packer.toBase64String(document), { base64: true });
  const text = await zip.file('word/document.xml').async('string');
  return {
    files: Object.keys(zip.files).sort(),
    texts: text.match(/<w:t[^>]*>[^<]*/g),
    bold: text.includes('<w:b/>'),
    rows: text.split('<w:tr>').length - 1,
  };
};
