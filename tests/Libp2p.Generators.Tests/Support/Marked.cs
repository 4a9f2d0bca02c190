using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Tests.Support;

/// <summary>A text in which the place that a diagnostic must point at stands between [| and |].</summary>
internal sealed class Marked
{
    private readonly TextSpan _span;

    public Marked(string text)
    {
        var start = text.IndexOf("[|", StringComparison.Ordinal);
        var end = text.IndexOf("|]", StringComparison.Ordinal) - 2;
        Text = text.Replace("[|", "").Replace("|]", "");
        _span = TextSpan.FromBounds(start, end);
    }

    public string Text { get; }

    /// <summary>Exactly one diagnostic was reported, this one, at the marked place; and nothing crashed.</summary>
    public void ShouldBeReported(GeneratorRun run, string id, DiagnosticSeverity severity = DiagnosticSeverity.Error)
    {
        run.Result.Results.ShouldAllBe(result => result.Exception == null);
        ShouldBe(run.Reported.ShouldHaveSingleItem(), id, severity);
    }

    /// <summary>The diagnostic is this one, at the marked place.</summary>
    public void ShouldBe(Diagnostic diagnostic, string id, DiagnosticSeverity severity)
    {
        diagnostic.Id.ShouldBe(id);
        diagnostic.Severity.ShouldBe(severity);
        diagnostic.Location.SourceSpan.ShouldBe(_span);
        var line = diagnostic.Location.GetLineSpan().StartLinePosition;
        var before = Text[.._span.Start];
        line.Line.ShouldBe(before.Count(c => c == '\n'));
        line.Character.ShouldBe(before.Length - before.LastIndexOf('\n') - 1);
    }
}
