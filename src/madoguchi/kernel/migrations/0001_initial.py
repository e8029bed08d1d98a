"""Make the history of the municipality folder: items by version, loads."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='FolderLoad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('counts', models.JSONField(default=dict)),
                ('changed', models.PositiveIntegerField()),
                ('loaded_at', models.DateTimeField()),
                ('actor_ref', models.CharField(max_length=100)),
            ],
            options={
                'verbose_name': 'フォルダの読込',
                'verbose_name_plural': 'フォルダの読込',
            },
        ),
        migrations.CreateModel(
            name='FolderItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=200)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('data', models.JSONField()),
                ('loaded_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'フォルダの項目',
                'verbose_name_plural': 'フォルダの項目',
                'constraints': [models.UniqueConstraint(fields=('section', 'key', 'version'), name='kernel_folderitem_version'), models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('section', 'key'), name='kernel_folderitem_current')],
            },
        ),
    ]
