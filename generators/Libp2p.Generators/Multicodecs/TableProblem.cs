using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>A row that could not be taken, as a plain value: where (zero-based line), and what is wrong with it.</summary>
internal sealed record TableProblem(string Path, int Line, string Message)
{
    /// <summary>A registry row is malformed, or repeats a name or code of an earlier row.</summary>
    public static readonly DiagnosticDescriptor Descriptor = new(
        "LP2P2001", "Unreadable registry row", "Registry row left out: {0}", "Libp2p.Tables", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public Diagnostic ToDiagnostic()
    {
        var start = new LinePosition(Line, 0);
        return Diagnostic.Create(Descriptor, Location.Create(Path, default, new LinePositionSpan(start, start)), Message);
    }
}
