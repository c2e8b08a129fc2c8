import { Chess } from 'chess.js';

export default () => {
  const game = new Chess();
  for (const move of ['e4', 'e5', 'Qh5', 'Nc6', 'Bc4', 'Nf6', 'Qxf7#']) game.move(move);
  const other = new Chess('r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1');
  return {
    mate: game.isCheckmate(),
    fen: game.fen(),
    pgn: game.pgn(),
    moves: other.moves().sort(),
    perft: Number(other.perft(2)),
    attackers: other.attackers('f3').sort(),
    board: other.ascii(),
  };
};
