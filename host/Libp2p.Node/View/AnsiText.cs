using System.Text;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.View;

/// <summary>Lines as text with the escape sequences of their styles. One caller at a time.</summary>
internal sealed class AnsiText
{
    private readonly StringBuilder _text = new();
    private readonly IAnsiConsole _console;

    public AnsiText(ColorSystem colors)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = (ColorSystemSupport)colors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(new StringWriter(_text)),
        });
        _console.Profile.Width = int.MaxValue;
    }

    public string Of(Line line)
    {
        _console.Write(line);
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
