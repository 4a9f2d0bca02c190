using System.Globalization;
using System.Text;
using Libp2p.Node.Output;

namespace Libp2p.Node.Tests.View;

/// <summary>A terminal in memory: shows what was written to it. Knows the sequences that the view and .NET use, and throws on any other. Thread-safe.</summary>
internal sealed class VirtualTerminal : Stream
{
    private readonly Lock _gate = new();
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _pending = new();
    private string[,] _cells;
    private (string[,] Cells, int Row, int Column) _main; // while the alternate screen is shown
    private int _row;
    private int _column;

    public VirtualTerminal(int width, int height) => _cells = Blank(width, height);

    public bool Alternate { get; private set; }

    public bool CursorVisible { get; private set; } = true;

    public bool Wraps { get; private set; } = true;

    public bool Styled { get; private set; }

    /// <summary>Whether a colour was ever used.</summary>
    public bool Coloured { get; private set; }

    /// <summary>How many characters had no room at the right edge.</summary>
    public int Overruns { get; private set; }

    /// <summary>How often it was written to.</summary>
    public int Writes { get; private set; }

    /// <summary>How many characters, sequences included, were written to it.</summary>
    public long Written { get; private set; }

    public bool IsRestored
    {
        get
        {
            lock (_gate) return !Alternate && CursorVisible && Wraps && !Styled;
        }
    }

    /// <summary>What it shows, without blanks at the ends of lines.</summary>
    public string[] Lines()
    {
        lock (_gate)
        {
            var lines = new string[_cells.GetLength(0)];
            for (var row = 0; row < lines.Length; row++)
            {
                var line = new StringBuilder();
                for (var column = 0; column < _cells.GetLength(1); column++) line.Append(_cells[row, column]);
                lines[row] = line.ToString().TrimEnd();
            }

            return lines;
        }
    }

    /// <summary>What was shown stays where it is, as on the alternate screen of most terminals.</summary>
    public void Resize(int width, int height)
    {
        lock (_gate)
        {
            var old = _cells;
            _cells = Blank(width, height);
            for (var row = 0; row < Math.Min(height, old.GetLength(0)); row++)
            {
                for (var column = 0; column < Math.Min(width, old.GetLength(1)); column++) _cells[row, column] = old[row, column];
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            Writes++;
            var characters = new char[_utf8.GetCharCount(buffer, flush: false)];
            Written += _utf8.GetChars(buffer, characters, flush: false);
            _pending.Append(characters);
            var text = _pending.ToString();
            var taken = 0;
            while (taken < text.Length && Take(text.AsSpan(taken)) is > 0 and var length) taken += length;
            _pending.Remove(0, taken);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    private static string[,] Blank(int width, int height)
    {
        var cells = new string[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++) cells[row, column] = " ";
        }

        return cells;
    }

    /// <summary>How many characters were understood; 0: the rest of a sequence is yet to come.</summary>
    private int Take(ReadOnlySpan<char> text)
    {
        switch (text[0])
        {
            case '\r':
                _column = 0;
                return 1;
            case '\n':
                NextLine();
                return 1;
            case '\e':
                return TakeSequence(text);
            case < ' ':
                throw new InvalidOperationException($"control character {(int)text[0]:x2}");
            default:
                var length = char.IsHighSurrogate(text[0]) ? 2 : 1;
                if (text.Length < length) return 0;
                Show(text[..length].ToString());
                return length;
        }
    }

    private int TakeSequence(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] is '=' or '>') return 2;
        if (text[1] != '[') throw new InvalidOperationException($"sequence ESC {text[1]}");
        for (var i = 2; i < text.Length; i++)
        {
            if (text[i] is < '@' or > '~') continue;
            Obey(text[i], text[2..i].ToString());
            return i + 1;
        }

        return 0;
    }

    private void Obey(char command, string parameters)
    {
        var (height, width) = (_cells.GetLength(0), _cells.GetLength(1));
        switch (command, parameters)
        {
            case ('H', _):
                var position = parameters.Split(';').Select(p => p.Length == 0 ? 1 : int.Parse(p, CultureInfo.InvariantCulture)).Append(1).ToArray();
                (_row, _column) = (Math.Min(position[0], height) - 1, Math.Min(position[1], width) - 1);
                break;
            case ('J', "2"):
                _cells = Blank(width, height);
                break;
            case ('K', ""):
                for (var column = Math.Min(_column, width - 1); column < width; column++) _cells[_row, column] = " ";
                break;
            case ('m', _):
                Styled = parameters is not ("" or "0");
                Coloured |= parameters.Split(';').Any(p => p.Length > 1);
                break;
            case ('h', "?1049") when !Alternate:
                Alternate = true;
                (_main, _cells) = ((_cells, _row, _column), Blank(width, height));
                break;
            case ('l', "?1049") when Alternate:
                Alternate = false;
                (_cells, _row, _column) = _main;
                Resize(width, height);
                break;
            case ('h' or 'l', "?25"):
                CursorVisible = command == 'h';
                break;
            case ('h' or 'l', "?7"):
                Wraps = command == 'h';
                break;
            case ('h' or 'l', "?1" or "?2026"):
                break;
            default:
                throw new InvalidOperationException($"sequence ESC [ {parameters}{command}");
        }
    }

    private void Show(string character)
    {
        var cells = Line.CellsOf(character);
        var width = _cells.GetLength(1);
        if (_column + cells > width)
        {
            if (Wraps)
            {
                NextLine();
                _column = 0;
            }
            else
            {
                Overruns++;
                _column = width - cells;
            }
        }

        _cells[_row, _column] = character;
        for (var i = 1; i < cells; i++) _cells[_row, _column + i] = "";
        _column += cells;
    }

    private void NextLine()
    {
        if (++_row < _cells.GetLength(0)) return;
        _row--;
        for (var row = 0; row < _cells.GetLength(0); row++)
        {
            for (var column = 0; column < _cells.GetLength(1); column++) _cells[row, column] = row < _row ? _cells[row + 1, column] : " ";
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
