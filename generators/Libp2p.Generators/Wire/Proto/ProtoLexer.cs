using System.Text;
using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Proto;

internal enum ProtoTokenKind
{
    End,
    Name,
    Number,
    Text,
    Symbol,
    Bad,
}

/// <summary>A word of a schema with the comment in front of it.</summary>
internal readonly struct ProtoToken(ProtoTokenKind kind, string text, LocationInfo location, string comment)
{
    public ProtoTokenKind Kind { get; } = kind;

    /// <summary>The word; of a string, its content.</summary>
    public string Text { get; } = text;

    public LocationInfo Location { get; } = location;

    public string Comment { get; } = comment;

    public bool Is(string text) => Text == text && Kind is ProtoTokenKind.Name or ProtoTokenKind.Symbol && Text == text;
}

/// <summary>Splits a schema into words. Names include dots, so that <c>.a.b</c> is one word.</summary>
internal sealed class ProtoLexer(string path, string text)
{
    private int _position;
    private int _line;
    private int _lineStart;

    public ProtoToken Next()
    {
        var comment = SkipBlank();
        if (_position >= text.Length)
        {
            return Token(ProtoTokenKind.End, "end of file", _position, comment);
        }

        var start = _position;
        var first = text[start];
        if (IsNameStart(first) || (first == '.' && start + 1 < text.Length && IsNameStart(text[start + 1])))
        {
            _position++;
            while (_position < text.Length && (IsNameStart(text[_position]) || char.IsDigit(text[_position]) || text[_position] == '.'))
            {
                _position++;
            }

            return Token(ProtoTokenKind.Name, text.Substring(start, _position - start), start, comment);
        }

        if (char.IsDigit(first) || (first == '-' && start + 1 < text.Length && char.IsDigit(text[start + 1])))
        {
            _position++;
            while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '.'))
            {
                _position++;
            }

            return Token(ProtoTokenKind.Number, text.Substring(start, _position - start), start, comment);
        }

        if (first is '"' or '\'')
        {
            return Text(first, comment);
        }

        _position++;
        return Token(ProtoTokenKind.Symbol, first.ToString(), start, comment);
    }

    private static bool IsNameStart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    private ProtoToken Text(char quote, string comment)
    {
        var start = _position++;
        var content = new StringBuilder();
        while (_position < text.Length && text[_position] != quote && text[_position] != '\n')
        {
            if (text[_position] == '\\' && _position + 1 < text.Length)
            {
                content.Append(text[_position++]);
            }

            content.Append(text[_position++]);
        }

        if (_position >= text.Length || text[_position] != quote)
        {
            return Token(ProtoTokenKind.Bad, "a string without its end", start, comment);
        }

        _position++;
        return Token(ProtoTokenKind.Text, content.ToString(), start, comment);
    }

    // A comment belongs to what follows it, unless an empty line or the end of the line it trails comes between.
    private string SkipBlank()
    {
        var comment = new StringBuilder();
        var trailing = _position > 0;
        var empty = 0;
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == '\n')
            {
                _line++;
                _lineStart = _position + 1;
                trailing = false;
                if (++empty > 1)
                {
                    comment.Clear();
                }

                _position++;
            }
            else if (char.IsWhiteSpace(c))
            {
                _position++;
            }
            else if (c == '/' && _position + 1 < text.Length && text[_position + 1] == '/')
            {
                var end = text.IndexOf('\n', _position);
                end = end < 0 ? text.Length : end;
                var line = text.Substring(_position + 2, end - _position - 2).Trim();
                _position = end;
                empty = 0;
                if (!trailing)
                {
                    comment.Append(comment.Length > 0 ? " " : "").Append(line);
                }
            }
            else if (c == '/' && _position + 1 < text.Length && text[_position + 1] == '*')
            {
                var end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + 2;
                for (; _position < end; _position++)
                {
                    if (text[_position] == '\n')
                    {
                        _line++;
                        _lineStart = _position + 1;
                    }
                }

                empty = 0;
            }
            else
            {
                break;
            }
        }

        return comment.ToString();
    }

    private ProtoToken Token(ProtoTokenKind kind, string word, int start, string comment)
    {
        var length = _position - start;
        var column = start - _lineStart;
        return new ProtoToken(kind, word, new LocationInfo(path, start, length, _line, column, _line, column + length), comment);
    }
}
