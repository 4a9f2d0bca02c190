using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Libp2p.Node.Output;

/// <summary>A log entry as a line without colours, its exception below. What strangers sent may be in both, so both are cleaned.</summary>
internal sealed class CleanLogFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "libp2p";

    /// <summary>The most characters of one line.</summary>
    private const int MaxLength = 4000;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine($"{LevelOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {TerminalText.Clean(message, MaxLength)}");
        if (logEntry.Exception is not { } exception) return;
        foreach (var line in exception.ToString().ReplaceLineEndings("\n").Split('\n')) textWriter.WriteLine($"      {TerminalText.Clean(line, MaxLength)}");
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
