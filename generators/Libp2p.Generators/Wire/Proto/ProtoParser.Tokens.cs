using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Proto;

internal sealed partial class ProtoParser
{
    private ProtoToken Take()
    {
        if (_token.Kind is ProtoTokenKind.End or ProtoTokenKind.Bad)
        {
            throw Unexpected("more");
        }

        var taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    private bool TryTake(string symbol)
    {
        if (!_token.Is(symbol))
        {
            return false;
        }

        Take();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    private string TakeName() => _token.Kind == ProtoTokenKind.Name ? Take().Text : throw Unexpected("a name");

    private string TakeText() => _token.Kind == ProtoTokenKind.Text ? Take().Text : throw Unexpected("a string");

    private long TakeNumber()
    {
        if (_token.Kind != ProtoTokenKind.Number)
        {
            throw Unexpected("a number");
        }

        var number = ParseNumber(_token.Text);
        Take();
        return number;
    }

    /// <summary>Passes over a statement: to its semicolon, or to the end of its block.</summary>
    private void SkipStatement()
    {
        while (!_token.Is(";"))
        {
            if (_token.Is("{"))
            {
                SkipBlock();
                return;
            }

            Take();
        }

        Take();
    }

    private void SkipBlock()
    {
        var depth = 0;
        do
        {
            depth += _token.Is("{") ? 1 : _token.Is("}") ? -1 : 0;
            Take();
        }
        while (depth > 0);
    }

    private void Unsupported(string what, string instead, LocationInfo location) =>
        _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.Unsupported, location, what, instead));

    private ProtoSyntaxException Unexpected(string expected) =>
        new($"Expected {expected}, found {(_token.Kind is ProtoTokenKind.End or ProtoTokenKind.Bad ? _token.Text : $"'{_token.Text}'")}", _token.Location);

    private sealed class ProtoSyntaxException(string message, LocationInfo location) : Exception(message)
    {
        public LocationInfo Location { get; } = location;
    }
}
