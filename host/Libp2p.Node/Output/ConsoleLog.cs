using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Libp2p.Node.Output;

/// <summary>The runtime's console logger, set to write clean lines to standard error.</summary>
internal static class ConsoleLog
{
    public static ILoggerProvider Open()
    {
        var options = new ConsoleLoggerOptions { FormatterName = CleanLogFormatter.FormatterName, LogToStandardErrorThreshold = LogLevel.Trace };
        return new ConsoleLoggerProvider(new Fixed(options), [new CleanLogFormatter()]);
    }

    private sealed class Fixed(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
